import type { ConnectionStatus } from './connection-status.ts';
import type { Send } from './outbox.ts';
import type { Pause } from './pause.ts';

type Status = Pick<ConnectionStatus, 'getSnapshot' | 'subscribe' | 'isDown'>;

/** How much later than a request a socket may notice that the network was lost. */
const NOTICED_WITHIN_MS = 500;

/**
 * A {@link Send} that waits while the page is not connected, and sends again, under the same id, what failed because the
 * connection was lost meanwhile.
 */
export function sendWhenConnected(send: Send, status: Status, pause: Pause): Send {
  return async (message) => {
    for (;;) {
      await connected(status);
      const result = await send(message);
      if (!('problem' in result && result.problem.retryable)) return result;
      if (!status.isDown) await pause(NOTICED_WITHIN_MS);
      if (!status.isDown) return result;
      await pause(NOTICED_WITHIN_MS);
    }
  };
}

function connected(status: Status): Promise<void> {
  return new Promise((resolve) => {
    const check = () => {
      if (status.getSnapshot() !== 'online') return;
      off();
      resolve();
    };
    const off = status.subscribe(check);
    check();
  });
}
