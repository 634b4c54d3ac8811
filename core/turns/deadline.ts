/** How long a call may wait for its commit before it is refused, in milliseconds. */
export const COMMIT_WITHIN_MS = 1_800;
/** The same of a store inside the process, which no network can cut off: it is only ever slow. The longest that a timer takes. */
export const EMBEDDED_COMMIT_WITHIN_MS = 2 ** 31 - 60_000;
/** How long a call that was committed waits for its effects, in milliseconds. */
export const EFFECTS_WITHIN_MS = 500;
/** How much longer than its deadline a statement's reply is waited for, in milliseconds. */
export const REPLY_GRACE_MS = 200;
