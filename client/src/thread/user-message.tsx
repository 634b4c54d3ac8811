import { memo, useState } from 'react';
import type { MessagePartsFragment } from '../gql/graphql.ts';
import { PencilIcon } from '../icons.tsx';
import { texts } from '../texts.ts';
import { BranchPager } from './branch-pager.tsx';
import { useBranches } from './branches.ts';
import { EditForm } from './edit-form.tsx';
import { Entry } from './entry.tsx';

/** A message of the user, as it was written, or as it is being edited. */
export const UserMessage = memo(function UserMessage({ message }: { message: MessagePartsFragment }) {
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
          aria-label={texts.thread.editMessage}
          title={texts.thread.editMessage}
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
