import type { Pacing } from '../gql/graphql.ts';

/** How fast answers are spoken. `readingWpm`: words a minute at the pace READING; null: as the installation has it. */
export interface Pace {
  pacing: Pacing;
  readingWpm: number | null;
}

/** All paces, as they are offered. */
export const PACINGS = ['HUMAN', 'READING', 'INSTANT'] as const satisfies readonly Pacing[];
/** The limits of the contract, and steps that make a difference. */
export const READING_SPEEDS = { least: 150, most: 900, step: 25 };
/** What the slider shows before it is moved: the default of an installation. */
export const USUAL_WPM = 300;

const KEY = 'taskflow.pace';
const USUAL: Pace = { pacing: 'HUMAN', readingWpm: null };

/** The pace that was last chosen on this device; HUMAN before that. */
export function rememberedPace(storage: Pick<Storage, 'getItem'> | null): Pace {
  try {
    const { pacing, readingWpm }: Partial<Pace> = JSON.parse(storage?.getItem(KEY) ?? '{}');
    return {
      pacing: PACINGS.find((each) => each === pacing) ?? USUAL.pacing,
      readingWpm: typeof readingWpm === 'number' && isSpeed(readingWpm) ? readingWpm : null,
    };
  } catch {
    return USUAL;
  }
}

/** Storage can be forbidden or full; then the choice holds where it was made. */
export function rememberPace(storage: Pick<Storage, 'setItem'> | null, pace: Pace): void {
  try {
    storage?.setItem(KEY, JSON.stringify(pace));
  } catch {
    // See above.
  }
}

/** The storage of this device; null where the page may not have one. */
export function deviceStorage(): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

function isSpeed(wordsPerMinute: number): boolean {
  const { least, most } = READING_SPEEDS;
  return Number.isInteger(wordsPerMinute) && wordsPerMinute >= least && wordsPerMinute <= most;
}
