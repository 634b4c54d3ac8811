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
import { useOlder } from './use-older.ts';
import { usePrependAnchor } from './use-prepend-anchor.ts';
import { useRetry } from './use-retry.ts';
import { useLive, usePhase, useSession } from './use-session.ts';
import { useStop } from './use-stop.ts';
import { visibleMessages, visibleOutgoing } from './visible-messages.ts';

/** A conversation, open. Mount it anew (by key) for another one. `menu` opens the sidebar where it is a drawer. */
export function Thread({ id, menu }: { id: string; menu: ReactNode }) {
  const session = useSession(id);
  const phase = usePhase(session);
  // The session does the loading; here is only read.
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
  const messages = visibleMessages(
    older.messages,
    page.edges.map((edge) => edge.node),
  );
  const outgoing = visibleOutgoing(useStore(outbox), messages);

  const liveTurnId = useLive(live, (state) => state.turn?.id ?? null);
  const speaking = useLive(live, (state) => state.turn !== null && state.turn.phase !== 'ended') ?? false;
  const failure = useLive(live, (state) => state.failure);
  const nudge = useLive(live, (state) => state.nudge);
  const substitution = useLive(live, (state) => state.substitution) ?? null;
  const typingElsewhere = useLive(live, (state) => state.typingElsewhere) ?? false;
  const turnId = liveTurnId !== null && !messages.some((it) => it.id === liveTurnId) ? liveTurnId : null;

  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLTextAreaElement>(null);
  const composer = useRef<ComposerHandle>(null);
  const { atBottom, toBottom } = useStickToBottom(scroller, content);
  usePrependAnchor(scroller, messages[0]?.id);
  const { stopping, stop } = useStop(id, session, speaking ? turnId : null);
  const { retrying, retry } = useRetry(id, failure);

  const send = (text: string) => {
    outbox.send(text, messages.at(-1)?.id ?? null);
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
              turnId={turnId}
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
              failure={failure}
              substitution={substitution}
              typingElsewhere={typingElsewhere}
              nudge={nudge}
              status={conversation.status}
              onTryAgain={() => void retry()}
              trying={retrying}
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
            onStop={speaking && turnId ? () => void stop() : undefined}
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
