import { memo, useState } from 'react';
import type { MessagePartsFragment } from '../gql/graphql.ts';
import { PencilIcon } from '../icons.tsx';
import { useTranslation } from '../language/language-context.tsx';
import { BranchPager } from './branch-pager.tsx';
import { useBranches } from './branches.ts';
import { EditForm } from './edit-form.tsx';
import { Entry } from './entry.tsx';

/** A message of the user, as it was written, or as it is being edited. */
export const UserMessage = memo(function UserMessage({ message }: { message: MessagePartsFragment }) {
  const { t } = useTranslation();
  const { edit } = useBranches();
  const [editing, setEditing] = useState(false);
  const { id, content } = message;
  const actions = (
    <>
      <BranchPager messageId={id} />
      {!editing && (
        <button
          type="button"
          className="icon-button"
          data-testid="edit-message"
          aria-label={t('thread.editMessage')}
          title={t('thread.editMessage')}
          onClick={() => setEditing(true)}
        >
          <PencilIcon />
        </button>
      )}
    </>
  );
  return (
    <Entry id={id} speaker={message.role} status={message.status} at={message.createdAt} actions={actions}>
      {editing ? (
        <EditForm text={content} onSend={(text) => edit(id, text)} onClose={() => setEditing(false)} />
      ) : (
        <p dir="auto">{content}</p>
      )}
    </Entry>
  );
});
