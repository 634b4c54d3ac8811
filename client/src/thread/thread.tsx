import { isOpen, type Session } from '@taskflow/client/core';
import { type ReactNode, useEffect, useMemo, useRef } from 'react';
import { useQuery } from 'urql';
import { ThreadDocument, type ThreadQuery, type WhileSpeaking } from '../gql/graphql.ts';
import { DownIcon } from '../icons.tsx';
import { useTranslation } from '../language/language-context.tsx';
import { useServices } from '../services/services.ts';
import { useStore } from '../services/use-store.ts';
import { separated } from './acknowledgements.ts';
import { Announcer } from './announcer.tsx';
import { BranchesContext } from './branches.ts';
import { MessageList } from './message-list.tsx';
import { OfflineStrip } from './offline-strip.tsx';
import { OlderButton } from './older-button.tsx';
import { useStickToBottom } from './stick-to-bottom.ts';
import './thread.css';
import { type ComposerHandle, ThreadComposer } from './thread-composer.tsx';
import { ThreadHeader } from './thread-header.tsx';
import { ThreadNotes } from './thread-notes.tsx';
import { ThreadPlaceholder } from './thread-placeholder.tsx';
import { useAnswering } from './use-answering.ts';
import { useCutIn } from './use-cut-in.ts';
import { useFastForward } from './use-fast-forward.ts';
import { useMessageBranches } from './use-message-branches.ts';
import { useOlder } from './use-older.ts';
import { useReading } from './use-reading.ts';
import { useRegenerate } from './use-regenerate.ts';
import { useLive, usePhase, useSession } from './use-session.ts';
import { useStop } from './use-stop.ts';
import { useUnanswered } from './use-unanswered.ts';
import { useWaiting } from './use-waiting.ts';
import { visibleMessages, visibleOutgoing } from './visible-messages.ts';
import { WaitingMessages } from './waiting-messages.tsx';

/** An open conversation. Mount another one (by key) for another conversation. `menu` opens the sidebar when it is a drawer. */
export function Thread({ id, menu }: { id: string; menu: ReactNode }) {
  const { t } = useTranslation();
  const session = useSession(id);
  const phase = usePhase(session);
  // The session loads the conversation; this only reads the cache.
  const [{ data }] = useQuery({ query: ThreadDocument, variables: { id }, requestPolicy: 'cache-only' });
  const conversation = data?.conversation;

  useEffect(() => {
    document.title = conversation?.title ? `${conversation.title} · ${t('app')}` : t('app');
    return () => {
      document.title = t('app');
    };
  }, [conversation?.title, t]);

  const missing = phase.name === 'missing' || data?.conversation === null;
  if (missing || !conversation) return <ThreadPlaceholder phase={phase} missing={missing} menu={menu} />;
  return <OpenThread conversation={conversation} session={session} menu={menu} />;
}

function OpenThread(props: {
  conversation: NonNullable<ThreadQuery['conversation']>;
  session: Session | null;
  menu: ReactNode;
}) {
  const { t } = useTranslation();
  const { conversation, session } = props;
  const { id, messages: page } = conversation;
  const live = session?.live ?? null;
  const outbox = useServices().outboxOf(id);

  const older = useOlder(id, page.pageInfo.startCursor, page.pageInfo.hasPreviousPage);
  const messages = useMemo(() => visibleMessages(older.messages, page.nodes), [older.messages, page.nodes]);
  const items = useStore(outbox);
  const outgoing = visibleOutgoing(items, messages);

  const answering = useAnswering(live, items, messages);
  const unanswered = useUnanswered(live, outgoing, answering);
  const spokenId = useLive(live, (state) =>
    isOpen(state.turn) && state.turn.phase === 'speaking' ? state.turn.id : null,
  );
  const nudge = useLive(live, (state) => state.nudge);
  const substitution = useLive(live, (state) => state.substitution) ?? null;
  const typingElsewhere = useLive(live, (state) => state.typingElsewhere) ?? false;

  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLTextAreaElement>(null);
  const composer = useRef<ComposerHandle>(null);
  const { atBottom, toBottom, isFollowing } = useStickToBottom(scroller, content);
  useReading(conversation, scroller);
  const { stopping, stop } = useStop(id, session, answering.stoppableId);
  const fastForward = useFastForward(id, spokenId);
  const { regenerating, regenerate } = useRegenerate(id, session, unanswered);

  const isLive = usePhase(session).name === 'live';
  const entries = messages.length + outgoing.length + (answering.turnId || answering.pendingId ? 1 : 0);
  const isEmpty = isLive && entries === 0 && !unanswered;
  const cutIn = useCutIn(live);
  const send = (text: string, whileSpeaking: WhileSpeaking) => {
    // What waits does not touch what is on the screen.
    if (whileSpeaking === 'QUEUE') void outbox.send(text, null, whileSpeaking);
    else void cutIn(async (seen) => (await outbox.send(text, seen, whileSpeaking)).isAnswered);
    toBottom();
  };
  const waiting = useWaiting(id, cutIn);
  const branches = useMessageBranches(id, session, cutIn, messages.at(-1)?.id);
  const { turnId } = answering;
  const shown = useMemo(() => separated(messages, turnId), [messages, turnId]);

  return (
    <>
      <ThreadHeader conversation={conversation} menu={props.menu} cutIn={cutIn} />
      <main className="thread" aria-label={conversation.title ?? t('newConversation')}>
        <div
          className="thread-scroll"
          ref={scroller}
          data-testid="thread-scroll"
          // A click in it lets the keys scroll it.
          tabIndex={-1}
          data-focus-home
        >
          <div className="thread-content" ref={content}>
            {older.hasMore && (
              <OlderButton scroller={scroller} loading={older.loading} load={() => void older.load()} />
            )}
            {isEmpty && (
              <p className="note" data-testid="empty-conversation">
                {t('thread.empty')}
              </p>
            )}
            <BranchesContext value={branches}>
              <MessageList
                messages={shown.messages}
                hasMore={older.hasMore}
                scroller={scroller}
                isFollowing={isFollowing}
                acknowledgements={shown.acknowledgements}
                live={live}
                turnId={turnId}
                pendingId={answering.pendingId}
                outgoing={outgoing}
                onRetry={(item) =>
                  void cutIn(async (seen) => (await outbox.retry(item.clientMessageId, seen)).isAnswered)
                }
                onDiscard={(item) => outbox.discard(item.clientMessageId)}
                onEdit={(item) => {
                  outbox.discard(item.clientMessageId);
                  composer.current?.restore(item.text);
                  input.current?.focus();
                }}
              />
            </BranchesContext>
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
              <DownIcon /> {t('thread.latest')}
            </button>
          )}
          <WaitingMessages
            messages={conversation.queuedMessages}
            busy={waiting.busy}
            onSendNow={(message) => void waiting.sendNow(message)}
            onWithdraw={(message) => void waiting.withdraw(message)}
          />
          <OfflineStrip waiting={outgoing.filter((item) => item.status === 'sending').length} />
          <ThreadComposer
            conversation={conversation}
            onSend={send}
            onStop={answering.stoppableId ? () => void stop() : undefined}
            stopping={stopping}
            onShowRest={spokenId && conversation.pacing !== 'INSTANT' ? fastForward : undefined}
            inputRef={input}
            handle={composer}
          />
        </div>
        <Announcer live={live} />
      </main>
    </>
  );
}
