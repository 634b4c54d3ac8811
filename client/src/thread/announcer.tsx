import type { LiveStore } from '../live/live-store.ts';
import { texts } from '../texts.ts';
import { useLive } from './use-session.ts';

/** Says each answer to screen readers once it is complete; the words as they come would be a stammer. */
export function Announcer({ live }: { live: LiveStore | null }) {
  const text = useLive(live, (state) => state.lastAnswer?.text ?? null);
  return (
    <div className="visually-hidden" aria-live="polite" data-testid="announcer">
      {text ? texts.thread.answered(text) : ''}
    </div>
  );
}
