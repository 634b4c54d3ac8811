import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Sidebar } from './conversations/sidebar.tsx';
import { CloseIcon, MenuIcon } from './icons.tsx';
import './layout.css';
import { useTranslation } from './language/language-context.tsx';
import { pressed } from './pressed.ts';
import { onNavigated } from './router/router.ts';
import { useServices } from './services/services.ts';
import { useStore } from './services/use-store.ts';

/** The sidebar beside the page; if there is no room for both, a drawer over the page, which any navigation closes. */
export function Layout(props: { currentId: string | null; page(menu: ReactNode): ReactNode }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const closeButton = useRef<HTMLButtonElement>(null);
  const menuButton = useRef<HTMLButtonElement>(null);
  const connection = useStore(useServices().socket.status);

  useEffect(() => onNavigated(() => setOpen(false)), []);
  useEffect(() => {
    if (!open) return;
    closeButton.current?.focus();
    const onKey = (event: KeyboardEvent) => {
      if (pressed(event) !== 'Escape' || document.querySelector('dialog[open], [data-open-menu]')) return;
      // The form that edits a title handles Escape itself.
      if (event.target instanceof HTMLInputElement) return;
      event.preventDefault();
      setOpen(false);
    };
    window.addEventListener('keydown', onKey, { capture: true });
    return () => {
      window.removeEventListener('keydown', onKey, { capture: true });
      menuButton.current?.focus();
    };
  }, [open]);

  const menu = (
    <button
      ref={menuButton}
      type="button"
      className="icon-button menu-button"
      data-testid="menu-button"
      data-connection={connection}
      aria-label={t('sidebar.open')}
      aria-expanded={open}
      onClick={() => setOpen(true)}
    >
      <MenuIcon />
    </button>
  );
  return (
    <div className="layout" data-drawer={open ? 'open' : 'closed'}>
      <div className="layout-side">
        <button
          ref={closeButton}
          type="button"
          className="icon-button close-button"
          aria-label={t('sidebar.close')}
          onClick={() => setOpen(false)}
        >
          <CloseIcon />
        </button>
        <Sidebar currentId={props.currentId} />
      </div>
      {open && (
        <button
          type="button"
          className="layout-shade"
          aria-label={t('sidebar.close')}
          tabIndex={-1}
          onClick={() => setOpen(false)}
        />
      )}
      <div className="layout-page" inert={open}>
        {props.page(menu)}
      </div>
    </div>
  );
}
