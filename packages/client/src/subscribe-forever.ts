import type { Client, SubscribePayload } from 'graphql-ws';
import { backoff } from './backoff.ts';
import { faultsIn } from './faults-in.ts';
import type { Pause } from './pause.ts';
import { type Fault, limitedFor } from './problem.ts';

/** What {@link subscribeForever} needs. */
export interface ForeverOptions<Data> {
  client: Pick<Client, 'subscribe'>;
  /** Read again at every (re)subscription, including those of a reconnect: change its variables to resume elsewhere. */
  payload: SubscribePayload;
  onData(data: Data): void;
  /**
   * Called when the server has refused with errors without `extensions.resumable`; nothing more will come. If it is absent,
   * such errors are treated as any other end, and the subscription is tried again.
   */
  onRefused?(errors: readonly Fault[]): void;
  pause: Pause;
}

/**
 * A subscription that only its caller ends. graphql-ws resubscribes after a lost connection; this also resubscribes after a
 * completed operation, a fatal close code and a GraphQL error, with back-off, and after a resumable error (a slow listener)
 * at once, and where the server takes no more subscriptions now, when it says. Returns a function that ends it, after which no callback is called.
 */
export function subscribeForever<Data>(options: ForeverOptions<Data>): () => void {
  let stopped = false;
  let endsInARow = 0;
  let unsubscribe = () => {};

  const open = () => {
    let ended = false;
    const end = (error?: unknown) => {
      if (ended || stopped) return;
      ended = true;
      const errors = faultsIn(error);
      const resumable = errors.some((it) => it.extensions?.resumable === true);
      const limitedMs = limitedFor(errors);
      if (errors.length > 0 && !resumable && limitedMs === 0 && options.onRefused) {
        stopped = true;
        options.onRefused(errors);
        return;
      }
      const wait = resumable && endsInARow === 0 ? 0 : Math.max(limitedMs, backoff(endsInARow));
      endsInARow += 1;
      void options.pause(wait).then(() => {
        if (!stopped) open();
      });
    };
    unsubscribe = options.client.subscribe<Data>(options.payload, {
      next: (result) => {
        if (ended || stopped) return;
        if (result.errors?.length) {
          end(result.errors);
          unsubscribe();
        } else if (result.data) {
          endsInARow = 0;
          options.onData(result.data);
        }
      },
      error: end,
      complete: () => end(),
    });
  };

  open();
  return () => {
    if (stopped) return;
    stopped = true;
    unsubscribe();
  };
}
