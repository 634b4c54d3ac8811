import { type ReactNode, useEffect, useRef } from 'react';
import { useQuery } from 'urql';
import { ThreadDocument, type ThreadQuery } from '../gql/graphql.ts';
import { DownIcon } from '../icons.tsx';
import type { Session } from '../live/session.ts';
import { useServices } from '../services/services.ts';
import { useStore } from '../services/use-store.ts';
import { texts } from '../texts.ts';
import { Announcer } from './announcer.tsx';
import { MessageList } from './message-list.tsx';
import { OlderButton } from './older-button.tsx';
import { useStickToBottom } from './stick-to-bottom.ts';
import './thread.css';
import { type ComposerHandle, ThreadComposer } from './thread-composer.tsx';
import { ThreadHeader } from './thread-header.tsx';
import { ThreadNotes } from './thread-notes.tsx';
import { ThreadPlaceholder } from './thread-placeholder.tsx';
import { useAnswering } from './use-answering.ts';
import { useOlder } from './use-older.ts';
import { usePrependAnchor } from './use-prepend-anchor.ts';
import { useRegenerate } from './use-regenerate.ts';
import { useLive, usePhase, useSession } from './use-session.ts';
import { useStop } from './use-stop.ts';
import { useUnanswered } from './use-unanswered.ts';
import { visibleMessages, visibleOutgoing } from './visible-messages.ts';

/** An open conversation. Mount another one (by key) for another conversation. `menu` opens the sidebar when it is a drawer. */
export function Thread({ id, menu }: { id: string; menu: ReactNode }) {
  const session = useSession(id);
  const phase = usePhase(session);
  // The session loads the conversation; this only reads the cache.
  const [{ data }] = useQuery({ query: ThreadDocument, variables: { id }, requestPolicy: 'cache-only' });
  const conversation = data?.conversation;

  useEffect(() => {
    document.title = conversation?.title ? `${conversation.title} · ${texts.app}` : texts.app;
    return () => {
      document.title = texts.app;
    };
  }, [conversation?.title]);

  const missing = phase.name === 'missing' || data?.conversation === null;
  if (missing || !conversation) return <ThreadPlaceholder phase={phase} missing={missing} menu={menu} />;
  return <OpenThread conversation={conversation} session={session} menu={menu} />;
}

function OpenThread(props: {
  conversation: NonNullable<ThreadQuery['conversation']>;
  session: Session | null;
  menu: ReactNode;
}) {
  const { conversation, session } = props;
  const { id, messages: page } = conversation;
  const live = session?.live ?? null;
  const outbox = useServices().outboxOf(id);

  const older = useOlder(id, page.pageInfo.startCursor, page.pageInfo.hasPreviousPage);
  const messages = visibleMessages(older.messages, page.nodes);
  const items = useStore(outbox);
  const outgoing = visibleOutgoing(items, messages);

  const answering = useAnswering(live, items, messages);
  const unanswered = useUnanswered(live, outgoing, answering);
  const nudge = useLive(live, (state) => state.nudge);
  const substitution = useLive(live, (state) => state.substitution) ?? null;
  const typingElsewhere = useLive(live, (state) => state.typingElsewhere) ?? false;

  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLTextAreaElement>(null);
  const composer = useRef<ComposerHandle>(null);
  const { atBottom, toBottom } = useStickToBottom(scroller, content);
  usePrependAnchor(scroller, messages[0]?.id);
  const { stopping, stop } = useStop(id, session, answering.stoppableId);
  const { regenerating, regenerate } = useRegenerate(id, session, unanswered);

  const send = (text: string) => {
    outbox.send(text);
    toBottom();
  };

  return (
    <>
      <ThreadHeader conversation={conversation} menu={props.menu} />
      <main className="thread" aria-label={conversation.title ?? texts.newConversation}>
        <div className="thread-scroll" ref={scroller} data-testid="thread-scroll">
          <div className="thread-content" ref={content}>
            {older.hasMore && (
              <OlderButton scroller={scroller} loading={older.loading} load={() => void older.load()} />
            )}
            <MessageList
              messages={messages}
              live={live}
              turnId={answering.turnId}
              pendingId={answering.pendingId}
              outgoing={outgoing}
              onRetry={(item) => outbox.retry(item.clientMessageId)}
              onDiscard={(item) => outbox.discard(item.clientMessageId)}
              onEdit={(item) => {
                outbox.discard(item.clientMessageId);
                composer.current?.restore(item.text);
                input.current?.focus();
              }}
            />
            <ThreadNotes
              unanswered={unanswered}
              substitution={substitution}
              typingElsewhere={typingElsewhere}
              nudge={nudge}
              status={conversation.status}
              onRegenerate={() => void regenerate()}
              regenerating={regenerating}
              onGoOn={() => input.current?.focus()}
            />
          </div>
        </div>
        <div className="thread-foot">
          {!atBottom && (
            <button type="button" className="latest-button" data-testid="jump-to-latest" onClick={toBottom}>
              <DownIcon /> {texts.thread.latest}
            </button>
          )}
          <ThreadComposer
            conversation={conversation}
            onSend={send}
            onStop={answering.stoppableId ? () => void stop() : undefined}
            stopping={stopping}
            inputRef={input}
            handle={composer}
          />
        </div>
        <Announcer live={live} />
      </main>
    </>
  );
}
