import { texts } from '../texts.ts';

/** Says, below an answer that the model ended at its limit of tokens, how to get the rest. */
export function TruncatedNote() {
  return (
    <p className="entry-note" data-testid="truncated-note">
      {texts.thread.truncated}
    </p>
  );
}
