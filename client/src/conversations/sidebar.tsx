import { AccountMenu } from '../account/account-menu.tsx';
import { ChartIcon, PlusIcon } from '../icons.tsx';
import { useTranslation } from '../language/language-context.tsx';
import { LanguageMenu } from '../language/language-menu.tsx';
import { Link } from '../router/link.tsx';
import { useViewer } from '../session/use-viewer.ts';
import { ThemeButton } from '../theme/theme-button.tsx';
import { readsTelemetry } from '../usage/reads-telemetry.ts';
import { ConnectionLine } from './connection-line.tsx';
import { ConversationItem } from './conversation-item.tsx';
import { LoadMore } from './load-more.tsx';
import { relativeTime } from './relative-time.ts';
import './sidebar.css';
import { useConversations } from './use-conversations.ts';
import { useListActions } from './use-list-actions.ts';
import { useNow } from './use-now.ts';

/** The list of conversations and a button for a new one. `currentId`: the open conversation. */
export function Sidebar({ currentId }: { currentId: string | null }) {
  const { t, locale } = useTranslation();
  const list = useConversations();
  const { rename, remove } = useListActions();
  const now = useNow(30_000);
  const viewer = useViewer();

  return (
    <nav className="sidebar" aria-label={t('sidebar.label')}>
      <div className="sidebar-head">
        <Link className="brand" href="/">
          <img src="/favicon.svg" alt="" width="26" height="26" />
          {t('app')}
        </Link>
        <span className="sidebar-choices">
          <LanguageMenu />
          <ThemeButton />
        </span>
      </div>
      <Link className="button new-button" href="/" data-testid="new-conversation" data-focus-home>
        <PlusIcon /> {t('newConversation')}
      </Link>
      <div className="sidebar-scroll">
        {list.failed ? (
          <div className="sidebar-note">
            <p>{t('sidebar.failed')}</p>
            <button type="button" className="button" onClick={list.reload}>
              {t('sidebar.retry')}
            </button>
          </div>
        ) : list.conversations.length === 0 ? (
          <p className="sidebar-note">{list.loading ? t('sidebar.loading') : t('sidebar.empty')}</p>
        ) : (
          <ul className="items" data-focus-list>
            {list.conversations.map((conversation) => (
              <ConversationItem
                key={conversation.id}
                conversation={conversation}
                current={conversation.id === currentId}
                ago={relativeTime(new Date(conversation.lastActivityAt), now, locale)}
                onRename={rename}
                onDelete={remove}
              />
            ))}
          </ul>
        )}
        {list.hasMore && <LoadMore loading={list.loadingMore} load={list.loadMore} />}
      </div>
      {viewer && readsTelemetry(viewer.role) && (
        <Link className="sidebar-link" href="/usage" data-testid="usage-link">
          <ChartIcon /> {t('usage.title')}
        </Link>
      )}
      {viewer && <AccountMenu viewer={viewer} />}
      <ConnectionLine />
    </nav>
  );
}
