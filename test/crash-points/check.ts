import type { FeedEvent, HeardEvent } from '../../core/live/feed/events.ts';
import type { Message } from '../../generated/prisma/client.ts';
import { ANSWER } from './voice.ts';

/** Events on which nothing else depends; they may be lost. */
const LOOSE: readonly string[] = ['TurnTextAdded', 'TurnThinking', 'TypingChanged', 'TypingNudge'];

/** The differences of the events that were heard from the expected ones and from the stored messages. */
export function faultsOf(
  heard: readonly HeardEvent[],
  expected: readonly string[],
  stored: readonly Message[],
): string[] {
  const types = heard.map(({ type }) => type).filter((type) => !LOOSE.includes(type));
  const isAsExpected =
    types.length === expected.length && types.every((type, at) => expected[at]?.split('|').includes(type));
  const checked = new HeardTurns(stored);
  for (const event of heard) checked.hear(event);
  return [...(isAsExpected ? [] : [`heard ${types.join(' ')}, not ${expected.join(' ')}`]), ...checked.end()];
}

/** Events whose content is not stored, at a moment at which no operation runs. */
export function unstored(heard: readonly HeardEvent[], stored: readonly Message[]): string[] {
  const contents = new Map(stored.map(({ id, content }) => [id, content]));
  return heard.flatMap((event) => {
    if (event.type === 'MessageAdded')
      return contents.get(event.message.id) === event.message.content ? [] : ['MessageAdded is not stored'];
    const isEnd =
      event.type === 'TurnCompleted' || event.type === 'TurnInterrupted' || event.type === 'TurnFailed';
    return isEnd && event.text !== (contents.get(event.turnId) ?? '') ? [`${event.type} is not stored`] : [];
  });
}

/** Compares each turn with its text and its row, and each row with the events about it. */
class HeardTurns {
  readonly #stored: Map<string, Message>;
  readonly #faults: string[] = [];
  /** The messages that were heard, in order. */
  readonly #messages: string[] = [];
  #open: { id: string; text: string; isNudge: boolean } | null = null;
  #seq = 0;

  constructor(stored: readonly Message[]) {
    this.#stored = new Map(stored.map((message) => [message.id, message]));
  }

  hear(event: HeardEvent): void {
    if (event.seq <= this.#seq) this.#bad(`${event.seq} comes after ${this.#seq}`);
    this.#seq = event.seq;
    if (event.type === 'MessageAdded') this.#hearMessage(event.message.id, event.message.content);
    else if (event.type === 'TurnStarted') {
      if (this.#open) this.#bad('turns overlap');
      this.#open = { id: event.turnId, text: '', isNudge: event.cause === 'IDLE_NUDGE' };
    } else if (event.type === 'TurnTextAdded') this.#hearText(event);
    else if ('text' in event && 'turnId' in event) this.#hearEnd(event);
  }

  #hearText({ turnId, text, offset }: Extract<FeedEvent, { type: 'TurnTextAdded' }>): void {
    if (this.#open?.id !== turnId) return this.#bad('text outside its turn');
    if (this.#open.text.length !== offset) this.#bad(`"${text}" at ${offset} after "${this.#open.text}"`);
    this.#open.text += text;
  }

  #hearEnd({ type, turnId, text }: { type: string; turnId: string; text: string }): void {
    const open = this.#open;
    if (open?.id !== turnId) return this.#bad(`${type} outside its turn`);
    if (open.text !== text) this.#bad(`${type} says "${text}", heard was "${open.text}"`);
    if (type === 'TurnCompleted' && !open.isNudge && text !== ANSWER)
      this.#bad(`"${text}" is not the answer`);
    this.#open = null;
    if (text === '') {
      if (this.#stored.has(turnId)) this.#bad('nothing was heard of an answer that is stored');
      return;
    }
    const isWhole = this.#stored.get(turnId)?.status === 'COMPLETED';
    if (isWhole !== (type === 'TurnCompleted')) this.#bad(`${type} of an answer that is stored otherwise`);
    this.#hearMessage(turnId, text);
  }

  #hearMessage(id: string, text: string): void {
    if (this.#stored.get(id)?.content !== text)
      this.#bad(`"${text}" was heard, "${this.#stored.get(id)?.content}" is stored`);
    if (id <= (this.#messages.at(-1) ?? '')) this.#bad('messages are not heard in their order, each once');
    this.#messages.push(id);
  }

  end(): string[] {
    if (this.#open) this.#bad('a turn is still open');
    for (const { id, content } of this.#stored.values())
      if (!this.#messages.includes(id)) this.#bad(`"${content}" is stored and was not heard`);
    return this.#faults;
  }

  #bad(fault: string): void {
    this.#faults.push(fault);
  }
}
