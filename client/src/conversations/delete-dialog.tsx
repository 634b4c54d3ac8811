import { ConfirmDialog } from '../confirm-dialog.tsx';
import { useTranslation } from '../language/language-context.tsx';

/** Asks before a conversation is deleted for good. */
export function DeleteDialog(props: { title: string; onDelete(): void; onClose(): void }) {
  const { t } = useTranslation();
  return (
    <ConfirmDialog
      testId="delete-dialog"
      title={t('deleteDialog.title')}
      body={t('deleteDialog.body', { title: props.title })}
      confirm={t('deleteDialog.confirm')}
      confirmTestId="confirm-delete"
      cancel={t('deleteDialog.cancel')}
      onConfirm={props.onDelete}
      onClose={props.onClose}
    />
  );
}
