import { ConfirmDialog } from '../confirm-dialog.tsx';
import { texts } from '../texts.ts';

/** Asks before a conversation is deleted for good. */
export function DeleteDialog(props: { title: string; onDelete(): void; onClose(): void }) {
  return (
    <ConfirmDialog
      testId="delete-dialog"
      title={texts.deleteDialog.title}
      body={texts.deleteDialog.body(props.title)}
      confirm={texts.deleteDialog.confirm}
      confirmTestId="confirm-delete"
      cancel={texts.deleteDialog.cancel}
      onConfirm={props.onDelete}
      onClose={props.onClose}
    />
  );
}
