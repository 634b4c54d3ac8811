import type { ExecutionResult } from 'graphql';
import { type FetchAPI, processRegularResult } from 'graphql-yoga';
import { shownResult } from './shown-result.ts';
import type { StreamFormat } from './stream-format.ts';

/** With these headers, proxies such as nginx forward each result at once and unchanged. */
export const STREAM_HEADERS = { 'cache-control': 'no-cache, no-transform', 'x-accel-buffering': 'no' };

/**
 * Streams results as they come. The next one is requested when there is room for it, so that a slow reader delays only itself.
 * `takeCursor` is called once for each result, before the next one is requested.
 */
export function streamResponse(
  results: AsyncIterable<ExecutionResult>,
  format: StreamFormat,
  takeCursor: () => string | null,
  { Response, ReadableStream, TextEncoder }: Pick<FetchAPI, 'Response' | 'ReadableStream' | 'TextEncoder'>,
): Response {
  const source = results[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  let heartbeats: NodeJS.Timeout | undefined;
  let isOver = false;
  const over = () => {
    isOver = true;
    clearInterval(heartbeats);
  };
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(encoder.encode(format.opening));
      const heartbeat = encoder.encode(format.heartbeat);
      heartbeats = setInterval(() => {
        if (controller.desiredSize !== null && controller.desiredSize > 0) controller.enqueue(heartbeat);
      }, format.heartbeatMs);
    },
    async pull(controller) {
      try {
        const { value, done } = await source.next();
        if (isOver) return;
        if (!done) return controller.enqueue(encoder.encode(written(value, format, takeCursor())));
        over();
        controller.enqueue(encoder.encode(format.closing));
        controller.close();
      } catch (error) {
        over();
        controller.error(error);
      }
    },
    async cancel() {
      over();
      await source.return?.();
    },
  });
  return new Response(body, { headers: { 'content-type': format.type, ...STREAM_HEADERS } });
}

/** A result without data was not executed: it is the last one of a subscription that cannot continue. */
function written(result: ExecutionResult, format: StreamFormat, cursor: string | null): string {
  const shown = shownResult(result);
  return shown.data === undefined ? format.fault(shown) : format.next(shown, cursor);
}

/** One result as a stream that ends after it, with the status that it would have as JSON. */
export function singleResponse(result: ExecutionResult, format: StreamFormat, fetchAPI: FetchAPI): Response {
  const { status, headers } = processRegularResult(result, fetchAPI, 'application/json');
  const body = format.opening + format.next(shownResult(result), null) + format.closing;
  headers.delete('content-length');
  headers.set('content-type', format.type);
  for (const [name, value] of Object.entries(STREAM_HEADERS)) headers.set(name, value);
  return new fetchAPI.Response(body, { status, headers });
}
