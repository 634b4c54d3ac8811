import { useEffect, useRef, useState } from 'react';
import { useTranslation } from '../language/language-context.tsx';
import { pressed } from '../pressed.ts';

/**
 * Words a message differently in its place: Ctrl + Enter or the button sends it, Esc leaves it as it was. It stays open until
 * the server has accepted it. An empty or unchanged text cannot be sent.
 */
export function EditForm(props: { text: string; onSend(text: string): Promise<boolean>; onClose(): void }) {
  const { t } = useTranslation();
  const [text, setText] = useState(props.text);
  const [sending, setSending] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    field.current?.focus();
    field.current?.setSelectionRange(-1, -1);
  }, []);
  const canSend = !sending && text.trim() !== '' && text.trim() !== props.text;

  const send = async () => {
    if (!canSend) return;
    setSending(true);
    const isDone = await props.onSend(text.trim());
    setSending(false);
    if (isDone) props.onClose();
  };
  return (
    <form
      className="edit-form"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
      onKeyDown={(event) => {
        if (pressed(event) === 'Enter' && (event.ctrlKey || event.metaKey)) {
          event.preventDefault();
          void send();
        }
        if (pressed(event) !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
        props.onClose();
      }}
    >
      <textarea
        ref={field}
        data-testid="edit-input"
        aria-label={t('thread.editLabel')}
        dir={text === '' ? undefined : 'auto'}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <div className="edit-actions">
        <button type="button" className="text-button" data-testid="edit-cancel" onClick={props.onClose}>
          {t('thread.cancelEdit')}
        </button>
        <button type="submit" className="button" data-testid="edit-send" disabled={!canSend}>
          {t('thread.sendEdit')}
        </button>
      </div>
    </form>
  );
}
