import { useEffect, useRef, useState } from 'react';
import { LONGEST_TITLE } from '../composer/limit.ts';
import { useTranslation } from '../language/language-context.tsx';
import { pressed } from '../pressed.ts';

/** Edits a title in place: Enter or leaving the field saves it, Esc does not. An empty or unchanged title is not saved. */
export function RenameForm(props: { title: string; onRename(title: string): void; onClose(): void }) {
  const { t } = useTranslation();
  const [title, setTitle] = useState(props.title);
  const input = useRef<HTMLInputElement>(null);
  const closed = useRef(false);
  useEffect(() => input.current?.select(), []);

  const close = (keep: boolean) => {
    if (closed.current) return;
    closed.current = true;
    const next = title.trim();
    if (keep && next !== '' && next !== props.title) props.onRename(next);
    props.onClose();
  };
  return (
    <form
      className="rename-form"
      onSubmit={(event) => {
        event.preventDefault();
        close(true);
      }}
    >
      <input
        ref={input}
        data-testid="rename-input"
        aria-label={t('sidebar.renameLabel')}
        dir={title === '' ? undefined : 'auto'}
        value={title}
        onChange={(event) => setTitle([...event.target.value].slice(0, LONGEST_TITLE).join(''))}
        onBlur={() => close(true)}
        onKeyDown={(event) => {
          if (pressed(event) !== 'Escape') return;
          event.preventDefault();
          event.stopPropagation();
          close(false);
        }}
      />
    </form>
  );
}
