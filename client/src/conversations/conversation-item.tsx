import { memo, useState } from 'react';
import type { ConversationItemFragment } from '../gql/graphql.ts';
import { PencilIcon, TrashIcon } from '../icons.tsx';
import { useTranslation } from '../language/language-context.tsx';
import { Link } from '../router/link.tsx';
import { conversationPath } from '../router/router.ts';
import { DeleteDialog } from './delete-dialog.tsx';
import { plainPreview } from './plain-preview.ts';
import { RenameForm } from './rename-form.tsx';
import { StatusBadge } from './status-badge.tsx';

/** One conversation of the list, with its actions. `ago`: the time of its last activity, for people. */
export const ConversationItem = memo(function ConversationItem(props: {
  conversation: ConversationItemFragment;
  current: boolean;
  ago: string;
  onRename(id: string, title: string): void;
  onDelete(id: string): void;
}) {
  const { t } = useTranslation();
  const { conversation, current } = props;
  const { id, status } = conversation;
  const [mode, setMode] = useState<'shown' | 'renaming' | 'deleting'>('shown');
  const title = conversation.title ?? t('newConversation');
  const show = () => setMode('shown');

  return (
    <li className="item" data-testid="conversation-item" data-conversation-id={id} data-current={current}>
      {mode === 'renaming' ? (
        <RenameForm
          title={conversation.title ?? ''}
          onRename={(next) => props.onRename(id, next)}
          onClose={show}
        />
      ) : (
        <Link className="item-link" href={conversationPath(id)} aria-current={current ? 'page' : undefined}>
          <span className="item-line">
            <span className="item-title" dir="auto">
              {title}
            </span>
            <time className="item-time" dateTime={conversation.lastActivityAt}>
              {props.ago}
            </time>
          </span>
          <span className="item-line">
            <span className="item-preview" dir="auto">
              {plainPreview(conversation.lastMessagePreview ?? '') || t('sidebar.noMessages')}
            </span>
          </span>
          <span className="item-line item-meta">
            <span>{t('sidebar.messages', { count: conversation.messageCount })}</span>
            <StatusBadge status={status} />
          </span>
        </Link>
      )}
      {mode !== 'renaming' && (
        <span className="item-actions">
          <button
            type="button"
            className="icon-button"
            data-testid="rename-conversation"
            aria-label={t('sidebar.renameOf', { title })}
            title={t('sidebar.rename')}
            onClick={() => setMode('renaming')}
          >
            <PencilIcon />
          </button>
          <button
            type="button"
            className="icon-button"
            data-testid="delete-conversation"
            aria-label={t('sidebar.deleteOf', { title })}
            title={t('sidebar.delete')}
            onClick={() => setMode('deleting')}
          >
            <TrashIcon />
          </button>
        </span>
      )}
      {mode === 'deleting' && (
        <DeleteDialog title={title} onDelete={() => props.onDelete(id)} onClose={show} />
      )}
    </li>
  );
});
