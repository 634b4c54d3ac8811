import type { GraphQLFormattedError } from 'graphql';
import type { Client, SubscribePayload } from 'graphql-ws';
import { backoff } from './backoff.ts';
import type { Pause } from './pause.ts';

/** What {@link subscribeForever} needs. */
export interface ForeverOptions<Data> {
  client: Pick<Client, 'subscribe'>;
  /** Read again at every (re)subscription, the ones of a reconnect included: change its variables to resume elsewhere. */
  payload: SubscribePayload;
  onData(data: Data): void;
  /**
   * The server refused with errors that no `extensions.resumable` marks as worth repeating; nothing more will come.
   * Absent: such errors are treated as any other end, and the subscription is tried again.
   */
  onRefused?(errors: readonly GraphQLFormattedError[]): void;
  pause: Pause;
}

/**
 * A subscription that only its caller ends. graphql-ws mends lost connections by itself; here a completed operation, a
 * fatal close code and a GraphQL error are mended too, with back-off; a resumable error (a slow listener) at once.
 * Returns the way to end it, after which nothing is called back.
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
      const errors = graphqlErrors(error);
      const resumable = errors.some((it) => it.extensions?.resumable === true);
      if (errors.length > 0 && !resumable && options.onRefused) {
        stopped = true;
        options.onRefused(errors);
        return;
      }
      const wait = resumable && endsInARow === 0 ? 0 : backoff(endsInARow);
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

/** graphql-ws hands on three kinds of error: GraphQL errors as an array, an Error, a CloseEvent. Only the first are the server's word. */
function graphqlErrors(error: unknown): readonly GraphQLFormattedError[] {
  return Array.isArray(error) ? error : [];
}
