import { type RefObject, useEffect, useRef, useState } from 'react';
import { pressed } from '../pressed.ts';

/**
 * Something that its button opens and closes, inside the element with `ref`. Esc closes it and focuses the button again; so
 * does a click or the focus outside, without focusing it. The arrow keys move among its links and buttons.
 */
export function useDisclosure(): {
  isOpen: boolean;
  toggle(): void;
  close(): void;
  ref: RefObject<HTMLDivElement | null>;
} {
  const [isOpen, setOpen] = useState(false);
  const ref = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const element = ref.current;
    if (!isOpen || !element) return;
    const onKey = (event: KeyboardEvent) => {
      if (pressed(event) === 'Escape') {
        // Nothing else is closed or stopped by this key.
        event.preventDefault();
        setOpen(false);
        element.querySelector<HTMLElement>('[aria-expanded]')?.focus();
      } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        event.preventDefault();
        moveFocus(element, event.key === 'ArrowDown' ? 1 : -1);
      }
    };
    const onOutside = ({ target }: Event) => {
      if (target instanceof Node && !element.contains(target)) setOpen(false);
    };
    // Before others that listen for Esc.
    window.addEventListener('keydown', onKey, { capture: true });
    document.addEventListener('pointerdown', onOutside);
    document.addEventListener('focusin', onOutside);
    return () => {
      window.removeEventListener('keydown', onKey, { capture: true });
      document.removeEventListener('pointerdown', onOutside);
      document.removeEventListener('focusin', onOutside);
    };
  }, [isOpen]);

  return { isOpen, toggle: () => setOpen(!isOpen), close: () => setOpen(false), ref };
}

function moveFocus(element: HTMLElement, by: 1 | -1): void {
  const all = [...element.querySelectorAll<HTMLElement>('a, button')];
  const at = all.findIndex((it) => it.matches(':focus'));
  all[(at + by + all.length) % all.length]?.focus();
}
