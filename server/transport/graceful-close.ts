/** Close code of a server that shuts down in good order (RFC 6455, 7.4.1). */
const GOING_AWAY = 1001;
/** Over how long many sockets are closed, in milliseconds, and in how many steps. */
const CLOSE_OVER_MS = 2_000;
const STEPS = 100;
/** So many clients can reconnect to another server at once without a noticeable load. */
const AT_ONCE = 50;

/**
 * Closes sockets with 1001, after which their clients reconnect to another server at once. A few are closed together,
 * many over up to 2 s. So the server spreads the reconnects and does not depend on its clients' backoff, and no client
 * waits longer than necessary.
 */
export async function closeGracefully(open: readonly Closable[]): Promise<void> {
  const step = Math.max(AT_ONCE, Math.ceil(open.length / STEPS));
  for (let at = 0; at < open.length; at += step) {
    if (at > 0) await delay(CLOSE_OVER_MS / STEPS);
    for (const socket of open.slice(at, at + step)) socket.close(GOING_AWAY, 'Server is shutting down');
  }
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

interface Closable {
  close(code: number, reason: string): void;
}
