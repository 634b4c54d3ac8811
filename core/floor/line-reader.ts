import type { PhraseState } from './phrase-graph.ts';

/** Where the reading of a line has come to. */
interface Step {
  readonly states: ReadonlySet<PhraseState>;
  readonly mayEnd: boolean;
  /** The steps that were taken from here, by what was read. */
  readonly taken: Map<string, Step>;
}

/** Follows all phrases that fit at once, so that no token is read twice. */
export interface LineReader {
  readonly first: Step;
  /**
   * What is reached by reading one of the words, all being readings of one token; without any states where none fits. `stays`: the
   * token may also only draw out the one before it.
   */
  read(from: Step, words: readonly string[], stays: boolean): Step;
}

/**
 * Remembers the steps that were taken, at most 4,000: a step can have hundreds of states, and the lines that people type share
 * most of their steps. Starts over when there are more.
 */
export function lineReader(states: readonly PhraseState[]): LineReader {
  const first = stepTo(new Set(states));
  let remembered = 0;
  return {
    first,
    read(from, words, stays) {
      const key = `${stays ? '+' : ''}${words.join(' ')}`;
      const known = from.taken.get(key);
      if (known) return known;
      const step = stepTo(reached(from, words, stays));
      if (remembered === MAX_REMEMBERED) {
        first.taken.clear();
        remembered = 0;
      }
      from.taken.set(key, step);
      remembered += 1;
      return step;
    },
  };
}

const MAX_REMEMBERED = 4_000;

function reached(from: Step, words: readonly string[], stays: boolean): Set<PhraseState> {
  const states = new Set(stays ? from.states : []);
  for (const state of from.states)
    for (const word of words) for (const next of state.next.get(word) ?? []) states.add(next);
  return states;
}

function stepTo(states: ReadonlySet<PhraseState>): Step {
  return { states, mayEnd: [...states].some((state) => state.mayEnd), taken: new Map() };
}
