import { useEffect, useId, useRef } from 'react';
import { texts } from '../texts.ts';

/** Asks before a conversation is deleted for good. Esc and a click outside keep it. */
export function DeleteDialog(props: { title: string; onDelete(): void; onClose(): void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      className="dialog"
      aria-labelledby={titleId}
      data-testid="delete-dialog"
      onClose={props.onClose}
      onClick={(event) => {
        if (event.target === event.currentTarget) event.currentTarget.close();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') event.stopPropagation();
      }}
    >
      <div className="dialog-body">
        <h2 id={titleId}>{texts.deleteDialog.title}</h2>
        <p>{texts.deleteDialog.body(props.title)}</p>
        <div className="dialog-actions">
          <button type="button" className="button" onClick={() => dialog.current?.close()}>
            {texts.deleteDialog.cancel}
          </button>
          <button
            type="button"
            className="button button-danger"
            data-testid="confirm-delete"
            onClick={() => {
              dialog.current?.close();
              props.onDelete();
            }}
          >
            {texts.deleteDialog.confirm}
          </button>
        </div>
      </div>
    </dialog>
  );
}
