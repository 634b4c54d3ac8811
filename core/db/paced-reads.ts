import type { Duplex } from 'node:stream';

/** As much as Node reads at once from a socket. Decoding it takes half a millisecond. */
const BYTES_PER_TURN = 65_536;

/**
 * Lets a stream deliver so many bytes in each turn of the event loop: of a socket with much to read Node would deliver 32
 * times as much before any other socket has its turn.
 */
export function paceReads(stream: Duplex, bytesPerTurn = BYTES_PER_TURN): void {
  let delivered = 0;
  stream.on('data', (chunk: Buffer) => {
    if (delivered === 0)
      setImmediate(() => {
        delivered = 0;
        if (stream.isPaused()) stream.resume();
      });
    delivered += chunk.length;
    if (delivered >= bytesPerTurn) stream.pause();
  });
}
