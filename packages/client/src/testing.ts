import type { FailurePartsFragment, MessagePartsFragment } from './gql/graphql.ts';
import { type LiveState, liveStateOf } from './live-state.ts';

export const AT = '2026-01-01T00:00:00.000Z';
export const MODEL = { __typename: 'Model' as const, id: 'm', name: 'M' };

export const TIMEOUT: FailurePartsFragment = {
  __typename: 'TurnFailure',
  turnId: 't1',
  code: 'TIMEOUT',
  text: 'Too slow.',
  retryable: true,
};

/** An answer of the AI, spoken to its end. */
export function answer(
  id: string,
  content: string,
  change: Partial<MessagePartsFragment> = {},
): MessagePartsFragment {
  return {
    __typename: 'Message',
    id,
    role: 'ASSISTANT',
    content,
    status: 'COMPLETED',
    isTruncated: false,
    createdAt: AT,
    clientMessageId: null,
    answeredBy: MODEL,
    failure: null,
    acknowledges: null,
    ...change,
  };
}

/** What was spoken of an answer that was cut off. */
export function partial(id: string, content: string): MessagePartsFragment {
  return answer(id, content, { status: 'INTERRUPTED' });
}

/** A message of the user. */
export function said(id: string, change: Partial<MessagePartsFragment> = {}): MessagePartsFragment {
  return answer(id, `text of ${id}`, { role: 'USER', answeredBy: null, ...change });
}

type Loaded = Parameters<typeof liveStateOf>[0];
type Turn = NonNullable<Loaded['activeTurn']>;

/** A turn that has not ended, as it is loaded; SPEAKING unless `change` says otherwise. */
export function activeTurn(turnId: string, change: Partial<Turn> = {}): Turn {
  return {
    __typename: 'Turn',
    turnId,
    state: 'SPEAKING',
    cause: 'USER_MESSAGE',
    text: '',
    startedAt: AT,
    model: MODEL,
    fallback: null,
    ...change,
  };
}

/** The live state of a conversation that was loaded with these messages. */
export function loadedState(nodes: MessagePartsFragment[], change: Partial<Loaded> = {}): LiveState {
  return liveStateOf({
    latestEventCursor: 'c0',
    activeTurn: null,
    failure: null,
    lastActivityAt: AT,
    model: MODEL,
    messages: { nodes },
    ...change,
  });
}

/** Lets everything happen that is only waiting for its turn. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A browser's storage. */
export class FakeStorage implements Storage {
  readonly #items = new Map<string, string>();

  get length(): number {
    return this.#items.size;
  }

  key(index: number): string | null {
    return [...this.#items.keys()][index] ?? null;
  }

  getItem(key: string): string | null {
    return this.#items.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    this.#items.set(key, value);
  }

  removeItem(key: string): void {
    this.#items.delete(key);
  }

  clear(): void {
    this.#items.clear();
  }
}
