import { texts } from '../texts.ts';

/** Under an answer that the model ended at its limit of tokens: that there is more to be had. */
export function TruncatedNote() {
  return (
    <p className="entry-note" data-testid="truncated-note">
      {texts.thread.truncated}
    </p>
  );
}
