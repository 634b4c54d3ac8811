import type { FetchAPI } from 'graphql-yoga';
import type { ResultSize } from '../../graphql/result-size.ts';
import { jsonParts } from './json-parts.ts';

/** The data of a result that is written in parts: megabytes that are written at once block the event loop. */
export interface LargeData {
  data: object;
  size: Pick<ResultSize, 'atMost' | 'pauses'>;
}

/** Stands for large data where the text around it is made. No result has it: data is an object. */
const STAND_IN: unknown = 'large';
const STAND_IN_TEXT = `"data":${JSON.stringify(STAND_IN)}`;

/** A result with a stand-in for its data. The type does not know it. */
export function withStandIn<Result extends { data?: object | null }>(result: Result): Result {
  return Object.assign({ ...result }, { data: STAND_IN });
}

/**
 * A text with the data in place of its stand-in, in parts, with a turn of the event loop before each. Once the first is
 * taken, and until it ends or is left, what is not passed on is held by `track`, which returns what lets go of it.
 */
export async function* partsOf(
  text: string,
  { data, size }: LargeData,
  track: (bytes: () => number) => () => void,
): AsyncGenerator<Buffer> {
  let passedOn = 0;
  const untrack = track(() => Math.max(0, size.atMost - passedOn));
  try {
    const [before, after = ''] = text.split(STAND_IN_TEXT);
    yield Buffer.from(`${before}"data":`);
    for (const part of jsonParts(data)) {
      await size.pauses.take();
      const bytes = Buffer.from(part);
      passedOn += bytes.length;
      yield bytes;
    }
    if (after) yield Buffer.from(after);
  } finally {
    untrack();
  }
}

/** A response with this body, whose next part is made when there is room for it. */
export function responseInParts(
  parts: AsyncGenerator<Uint8Array>,
  { status, headers }: Pick<Response, 'status' | 'headers'>,
  { Response, ReadableStream }: Pick<FetchAPI, 'Response' | 'ReadableStream'>,
): Response {
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { value, done } = await parts.next();
        if (done) controller.close();
        else controller.enqueue(value);
      } catch (error) {
        controller.error(error);
      }
    },
    async cancel() {
      await parts.return(undefined);
    },
  });
  headers.delete('content-length');
  return new Response(body, { status, headers });
}
