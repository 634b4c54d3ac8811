import { useEffect, useId, useRef } from 'react';
import './confirm-dialog.css';
import { pressed } from './pressed.ts';

/** Asks before something is done that cannot be undone. Esc and a click outside cancel it. */
export function ConfirmDialog(props: {
  testId: string;
  title: string;
  body: string;
  confirm: string;
  confirmTestId: string;
  cancel: string;
  onConfirm(): void;
  /** Called in any case. */
  onClose(): void;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      className="dialog"
      aria-labelledby={titleId}
      data-testid={props.testId}
      onClose={props.onClose}
      onClick={(event) => {
        if (event.target === event.currentTarget) event.currentTarget.close();
      }}
      onKeyDown={(event) => {
        if (pressed(event) === 'Escape') event.stopPropagation();
      }}
    >
      <div className="dialog-body">
        <h2 id={titleId}>{props.title}</h2>
        <p>{props.body}</p>
        <div className="dialog-actions">
          <button type="button" className="button" onClick={() => dialog.current?.close()}>
            {props.cancel}
          </button>
          <button
            type="button"
            className="button button-danger"
            data-testid={props.confirmTestId}
            onClick={() => {
              dialog.current?.close();
              props.onConfirm();
            }}
          >
            {props.confirm}
          </button>
        </div>
      </div>
    </dialog>
  );
}
