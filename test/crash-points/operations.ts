import type { WhileSpeaking } from '../../core/domain/vocabulary.ts';
import type { Process } from './process.ts';
import type { Scene, Setting } from './scene.ts';

export interface Operation {
  name: string;
  from: Setting;
  act(process: Process, scene: Scene): Promise<unknown>;
  /** The events that result from it, in order. Types separated by a bar: one of them. */
  events: readonly string[];
  /** Set for a job, which is retried; the others are calls of a client, which are refused or done. */
  isJob?: true;
  /** A message waits, and is sent when the answer has ended, which may be after the next operation. */
  waits?: true;
  /** The conversation is deleted. */
  deletes?: true;
  /** The model of its process fails after its last word. */
  fails?: true;
}

/** A turn that is interrupted may have ended before it learns of that. */
const CUT = 'TurnInterrupted|TurnCompleted';
export const ENDED = 'TurnInterrupted|TurnCompleted|TurnFailed';
export const ANSWERED = ['TurnStarted', 'TurnCompleted'];

const send = (process: Process, scene: Scene) => process.turns.send(scene.message('And then?'));
const sendAs = (whileSpeaking: WhileSpeaking) => (process: Process, scene: Scene) =>
  process.turns.sendWhileSpeaking(scene.message('And then?'), whileSpeaking);
const waiting = async (scene: Scene) => ({ queuedMessageId: await scene.waiting() });
/** What follows on an answer for which a message waits. */
export const SENT_AFTER = ['QueueChanged', 'MessageAdded', ...ANSWERED];

const seenAll = async (scene: Scene) => ({ turnId: await scene.lastTurn(), offset: 1_000 });
const edit = ({ branches }: Process, scene: Scene) =>
  branches.edit(scene.id, scene.owner, {
    ...scene.message('And then?'),
    messageId: scene.firstQuestion,
  });
const end = ({ conversations }: Process, { id, owner }: Scene) => conversations.end(id, owner);
const update = ({ conversations }: Process, { id, owner }: Scene) =>
  conversations.update(id, owner, { title: 'A title' });
const remove = ({ conversations }: Process, { id, owner }: Scene) => conversations.delete(id, owner);
const speak = async (process: Process, scene: Scene) => process.speak(scene.id, await scene.lastTurn());

/** Every operation that changes a conversation, in each state that matters for it. */
export const OPERATIONS: readonly Operation[] = [
  {
    name: 'create',
    from: 'none',
    act: ({ conversations }, scene) => conversations.create(scene.conversation(false)),
    events: [],
  },
  {
    name: 'create with a greeting',
    from: 'none',
    act: ({ conversations }, scene) => conversations.create(scene.conversation(true)),
    events: ANSWERED,
  },
  { name: 'send', from: 'new', act: send, events: ['MessageAdded', 'ConversationUpdated', ...ANSWERED] },
  { name: 'send', from: 'begun', act: send, events: [CUT, 'MessageAdded', ...ANSWERED] },
  { name: 'send', from: 'typing', act: send, events: [CUT, 'MessageAdded', ...ANSWERED] },
  {
    name: 'send to the queue',
    from: 'speaking',
    act: sendAs('QUEUE'),
    waits: true,
    events: ['QueueChanged', 'TurnCompleted', ...SENT_AFTER],
  },
  {
    name: 'send after the sentence',
    from: 'begun',
    act: sendAs('AFTER_SENTENCE'),
    waits: true,
    events: ['QueueChanged', CUT, ...SENT_AFTER],
  },
  {
    name: 'withdraw',
    from: 'queued',
    act: async ({ turns }, scene) =>
      turns.withdrawQueued(scene.id, scene.owner, (await waiting(scene)).queuedMessageId),
    events: ['QueueChanged', 'TurnCompleted'],
  },
  {
    name: 'send what waits now',
    from: 'queued',
    act: async ({ turns }, scene) => turns.sendQueuedNow(scene.id, scene.owner, await waiting(scene)),
    events: [CUT, ...SENT_AFTER],
  },
  {
    name: 'end',
    from: 'queued',
    act: (process, scene) => end(process, scene),
    events: [CUT, 'QueueChanged', 'MessageAdded', 'ConversationEnded'],
  },
  {
    name: 'cancel',
    from: 'begun',
    act: ({ turns }, { id, owner }) => turns.cancel(id, owner),
    events: [CUT],
  },
  {
    name: 'cancel',
    from: 'speaking',
    act: ({ turns }, { id, owner }) => turns.cancel(id, owner),
    events: [CUT],
  },
  {
    name: 'regenerate',
    from: 'cut off',
    act: ({ branches }, { id, owner }) => branches.regenerate(id, owner),
    events: ANSWERED,
  },
  {
    name: 'regenerate',
    from: 'begun',
    act: async ({ branches }, scene) =>
      branches.regenerate(scene.id, scene.owner, { seen: await seenAll(scene) }),
    events: [CUT, 'BranchSelected', ...ANSWERED],
  },
  { name: 'edit', from: 'idle', act: edit, events: ['BranchSelected', 'MessageAdded', ...ANSWERED] },
  { name: 'edit', from: 'begun', act: edit, events: [CUT, 'BranchSelected', 'MessageAdded', ...ANSWERED] },
  {
    name: 'select a branch',
    from: 'edited',
    act: ({ branches }, scene) => branches.select(scene.id, scene.owner, scene.firstQuestion),
    events: ['BranchSelected'],
  },
  { name: 'update', from: 'idle', act: update, events: ['ConversationUpdated'] },
  { name: 'update', from: 'speaking', act: update, events: ['ConversationUpdated', 'TurnCompleted'] },
  { name: 'end', from: 'idle', act: end, events: ['ConversationEnded'] },
  { name: 'end', from: 'speaking', act: end, events: [CUT, 'ConversationEnded'] },
  {
    name: 'volunteer',
    from: 'idle',
    act: async ({ turns }, scene) => turns.volunteer(scene.id, 'IDLE_NUDGE', await scene.lastTurn()),
    events: ANSWERED,
  },
  {
    name: 'complete',
    from: 'idle',
    act: async ({ conversations }, scene) => conversations.complete(scene.id, await scene.lastTurn()),
    events: ['ConversationEnded'],
  },
  { name: 'delete', from: 'idle', act: remove, events: [], deletes: true },
  { name: 'delete', from: 'speaking', act: remove, events: [], deletes: true },
  {
    name: 'cancel',
    from: 'rest',
    act: ({ turns }, { id, owner }) => turns.cancel(id, owner),
    events: ['TurnInterrupted'],
  },
  { name: 'send', from: 'rest', act: send, events: ['TurnInterrupted', 'MessageAdded', ...ANSWERED] },
  { name: 'end', from: 'rest', act: end, events: ['TurnInterrupted', 'ConversationEnded'] },
  { name: 'speak', from: 'begun', act: speak, events: ['TurnCompleted'], isJob: true },
  { name: 'speak', from: 'read', act: speak, events: ['TurnCompleted'], isJob: true },
  { name: 'speak', from: 'rest', act: speak, events: ['TurnCompleted'], isJob: true },
  {
    name: 'speak and fail',
    from: 'begun',
    act: speak,
    events: ['TurnFailed|TurnCompleted'],
    isJob: true,
    fails: true,
  },
];
