import type { PhrasePattern } from './phrase-pattern.ts';

/**
 * A state of the automaton that reads a line: what may come next, and whether the line may end here. It is built once and only
 * read afterwards.
 */
export interface PhraseState {
  readonly next: { get(token: string): readonly PhraseState[] | undefined };
  readonly mayEnd: boolean;
}

/** A state whose steps are listed. */
interface ListedState extends PhraseState {
  readonly next: Map<string, readonly PhraseState[]>;
}

export interface Phrases {
  /** Each is an acknowledgement by itself. */
  readonly acknowledgements: readonly PhrasePattern[];
  /** Acknowledgements too, where they are at least so many tokens long: their parts alone could mean something else. */
  readonly sentences: readonly { readonly atLeast: number; readonly patterns: readonly PhrasePattern[] }[];
  /** They may stand before or after an acknowledgement and are none: how somebody is addressed, words of little meaning. */
  readonly companions: readonly PhrasePattern[];
  /** They stand before an acknowledgement, also between two, and never last: "and", "well". */
  readonly joints: readonly PhrasePattern[];
}

/**
 * Reads lines of one or more acknowledgements, with their companions and joints and nothing else. Returns its first states; a
 * line is read by following all states at once. Yields after each pattern.
 */
export function* phraseGraph({
  acknowledgements,
  sentences,
  companions,
  joints,
}: Phrases): Generator<void, readonly PhraseState[]> {
  const acknowledge = state();
  const join = state();
  const precede = state();
  const follow = state();
  const goals = new Set<PhraseState>([END, acknowledge, join, follow]);
  const spoken = sentences.map(({ atLeast, patterns }) => ({ patterns, from: state(), atLeast }));
  const speak = spoken.map(({ from, atLeast }) => long(from, atLeast, goals));
  for (const start of speak) goals.add(start);
  const first = [acknowledge, join, precede, ...speak];
  const acknowledged = [...goals];
  yield* lead(acknowledge, acknowledgements, acknowledged);
  for (const { from, patterns } of spoken) yield* lead(from, patterns, acknowledged);
  yield* lead(join, joints, [acknowledge, join, ...speak]);
  yield* lead(precede, companions, first);
  yield* lead(follow, companions, acknowledged);
  return first;
}

const END: PhraseState = { next: new Map(), mayEnd: true };

/** The state without what reaches a goal in fewer than `atLeast` steps. Made while a line is read, as most is never needed. */
function long(from: PhraseState, atLeast: number, goals: ReadonlySet<PhraseState>): PhraseState {
  const known = new Map<PhraseState, PhraseState>();
  const next = (to: PhraseState) => {
    if (atLeast === 1) return [to];
    if (goals.has(to)) return [];
    const after = known.get(to) ?? long(to, atLeast - 1, goals);
    known.set(to, after);
    return [after];
  };
  return { next: { get: (token) => from.next.get(token)?.flatMap(next) }, mayEnd: false };
}

function* lead(
  from: ListedState,
  patterns: readonly PhrasePattern[],
  goals: readonly PhraseState[],
): Generator<void> {
  for (const pattern of patterns) {
    addPattern(from, pattern, goals);
    yield;
  }
}

/**
 * The pattern then leads from `from` to the goals. Returns whether it may be left out, which is for the caller to add. Only what
 * stands in a row needs states of its own, so that a choice of hundreds of words has none.
 */
function addPattern(from: ListedState, pattern: PhrasePattern, goals: readonly PhraseState[]): boolean {
  if (pattern.kind === 'token') {
    addStep(from, pattern.token, goals);
    return false;
  }
  if (pattern.kind === 'choice') {
    let mayBeLeftOut = false;
    for (const one of pattern.of) mayBeLeftOut = addPattern(from, one, goals) || mayBeLeftOut;
    return mayBeLeftOut;
  }
  return addSequence(from, pattern.parts, goals);
}

/** Built backwards, so that it needs no empty steps. */
function addSequence(
  from: ListedState,
  parts: readonly PhrasePattern[],
  goals: readonly PhraseState[],
): boolean {
  const [first, ...others] = parts;
  if (first === undefined) return true;
  let entries: ListedState[] = [];
  let isAllLeftOut = true;
  for (const part of others.reverse()) {
    const entry = state();
    const mayBeLeftOut = addPattern(entry, part, isAllLeftOut ? [...entries, ...goals] : entries);
    entries = mayBeLeftOut ? [entry, ...entries] : [entry];
    isAllLeftOut &&= mayBeLeftOut;
  }
  if (!addPattern(from, first, isAllLeftOut ? [...entries, ...goals] : entries)) return false;
  for (const { next } of entries) for (const [token, states] of next) addStep(from, token, states);
  return isAllLeftOut;
}

function addStep(from: ListedState, token: string, to: readonly PhraseState[]): void {
  const known = from.next.get(token);
  from.next.set(token, known ? [...known, ...to] : to);
}

function state(): ListedState {
  return { next: new Map(), mayEnd: false };
}
