import { connect, type Socket } from 'node:net';

/** How a client leaves. `answered`: when it has an answer; `half`: it sends its end and reads on; `reset`: with a RST. */
type Leave = 'answered' | 'half' | 'destroy' | 'reset';

/** What is written on one connection, in parts: a character for each byte. */
export interface Exchange {
  parts: readonly string[];
  leave: Leave;
}

/**
 * Writes the parts on a connection of its own, each when `between` has resolved, and leaves as it says. Resolves to all
 * that the server has sent when the connection is closed, or to what there is of an answer that does not end by itself.
 */
export async function exchange(
  url: string,
  { parts, leave }: Exchange,
  between: () => Promise<unknown>,
): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true });
  // The server may close before it has read everything.
  socket.on('error', () => {});
  let received = '';
  socket.setEncoding('latin1').on('data', (data) => {
    received += data;
    if (leave === 'answered' && isEndless(received)) socket.destroy();
  });
  socket.on('end', () => socket.end());
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  for (const [at, part] of parts.entries()) {
    if (at > 0) await between();
    if (socket.writable) await new Promise<void>((resolve) => socket.write(part, 'latin1', () => resolve()));
  }
  if (leave !== 'answered') {
    await between();
    end(socket, leave);
  }
  await closed;
  return received;
}

function end(socket: Socket, leave: Leave): void {
  if (leave === 'half') socket.end();
  // Node fails to reset a connection whose other end has closed, and then says nothing of its end.
  else if (leave === 'reset' && !socket.readableEnded) socket.resetAndDestroy();
  else socket.destroy();
}

/** Whether an answer is one that goes on until its client leaves: an upgrade, a stream of events. */
function isEndless(answer: string): boolean {
  const [head, ...rest] = answer.replace(/^HTTP\/1\.1 100 .*\r\n\r\n/, '').split('\r\n\r\n');
  if (head === undefined || rest.length === 0) return false;
  return /^HTTP\/1\.1 101 |^content-type: (?:text\/event-stream|multipart\/mixed)/im.test(head);
}
