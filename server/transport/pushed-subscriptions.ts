import type { ExecutionArgs } from 'graphql';
import type { HeardEvent } from '../../core/live/feed/events.ts';
import type { GraphQLContext } from '../graphql/context.ts';
import type { Projection } from '../graphql/subscriptions/projection.ts';
import { Projections } from '../graphql/subscriptions/projections.ts';
import { PushedResults } from './pushed-results.ts';
import type { Served } from './serve-socket.ts';

/** The longest result that is pushed, in UTF-16 code units: longer ones are measured, and written in parts. */
const LONGEST = 65_536;
/** A result counts for at most so many bytes for each code unit of its JSON, see `ResultSize`. */
const BYTES_OF_A_CHARACTER = 16;

/** Lets the subscriptions of sockets push their results, where they have events to push. */
export class PushedSubscriptions {
  readonly #projections = new Projections();
  readonly #longest: number;

  /** `responseMaxBytes`: how large a result may be. */
  constructor(responseMaxBytes: number) {
    this.#longest = Math.min(LONGEST, responseMaxBytes / BYTES_OF_A_CHARACTER);
  }

  /** The results of an operation as graphql-ws is to read them. */
  of<Result>(
    socket: Pick<Served, 'flow' | 'push'>,
    operation: string,
    args: ExecutionArgs,
    results: AsyncIterable<Result>,
  ): AsyncIterable<Result> {
    const context = args.contextValue as GraphQLContext;
    const { waiting } = context.live;
    const projection = waiting && this.#projections.of(args, context);
    if (!projection) return results;
    return new PushedResults({
      results: results[Symbol.asyncIterator](),
      waiting,
      project: (event) => this.#written(event, projection),
      hasRoom: (notify) => socket.flow.hasRoom(notify),
      write: (result) => socket.push(operation, result),
    });
  }

  #written(event: HeardEvent, projection: Projection): string | null {
    // It is counted when it is read by `next`.
    if (event.type === 'FeedReset') return null;
    const result = projection.write(event);
    return result === null || result.length > this.#longest ? null : result;
  }
}
