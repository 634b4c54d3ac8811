import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A reverse proxy that buffers responses as nginx does by default, with connections that break. */
interface BufferingProxy {
  readonly url: string;
  /** Bytes of unfinished responses that it holds back. */
  readonly heldBack: number;
  /** The number of streams that it has cut. */
  readonly cuts: number;
  stop(): Promise<void>;
}

/**
 * Holds a response back until it has ended, unless it says `X-Accel-Buffering: no`. One that does is cut after
 * `cutAfter` bytes, wherever in an event that is.
 */
export async function startBufferingProxy(target: string, cutAfter = Number.POSITIVE_INFINITY) {
  let heldBack = 0;
  let cuts = 0;
  const server = createServer((incoming, outgoing) => {
    const { method, headers } = incoming;
    const onward = request(new URL(incoming.url ?? '/', target), { method, headers }, (response) => {
      outgoing.writeHead(response.statusCode ?? 502, response.headers);
      if (response.headers['x-accel-buffering'] === 'no') pass(response, outgoing);
      else holdBack(response, outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    outgoing.on('close', () => onward.destroy());
    incoming.pipe(onward);
  });

  function pass(response: IncomingMessage, outgoing: ServerResponse): void {
    let left = cutAfter;
    outgoing.flushHeaders();
    response.on('data', (bytes: Buffer) => {
      if (left <= 0) return;
      const isLast = bytes.length >= left;
      outgoing.write(bytes.subarray(0, left), () => isLast && outgoing.destroy());
      left -= bytes.length;
      if (isLast) cuts += 1;
    });
    response.on('end', () => left > 0 && outgoing.end());
  }

  function holdBack(response: IncomingMessage, outgoing: ServerResponse): void {
    const held: Buffer[] = [];
    const size = () => held.reduce((sum, { length }) => sum + length, 0);
    response.on('data', (bytes: Buffer) => {
      held.push(bytes);
      heldBack += bytes.length;
    });
    response.on('end', () => outgoing.end(Buffer.concat(held)));
    response.on('close', () => {
      heldBack -= size();
    });
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get heldBack() {
      return heldBack;
    },
    get cuts() {
      return cuts;
    },
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  } satisfies BufferingProxy;
}
