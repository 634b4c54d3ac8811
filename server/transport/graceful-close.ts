/** Close code of a server that is going away in good order (RFC 6455, 7.4.1). */
const GOING_AWAY = 1001;
/** Over how long many sockets are closed, in milliseconds, and in how many steps. */
const CLOSE_OVER_MS = 2_000;
const STEPS = 100;
/** So many come back to another server in the same instant and nobody notices. */
const AT_ONCE = 50;

/**
 * Closes sockets with 1001, at which their clients come back to another server at once. A few are closed together, many
 * over up to 2 s: so it is the server that spreads them, whatever the manners of their clients, and nobody waits without
 * need.
 */
export async function closeGracefully(open: readonly Closable[]): Promise<void> {
  const step = Math.max(AT_ONCE, Math.ceil(open.length / STEPS));
  for (let at = 0; at < open.length; at += step) {
    if (at > 0) await delay(CLOSE_OVER_MS / STEPS);
    for (const socket of open.slice(at, at + step)) socket.close(GOING_AWAY, 'Going away');
  }
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

interface Closable {
  close(code: number, reason: string): void;
}
