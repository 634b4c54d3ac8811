import type { IncomingMessage } from 'node:http';
import { CloseCode, GRAPHQL_TRANSPORT_WS_PROTOCOL, type Server } from 'graphql-ws';
import type { Extra } from 'graphql-ws/use/ws';
import type { WebSocket } from 'ws';
import type { Log } from '../../core/telemetry/log.ts';
import { type Fault, readMessage } from './incoming-message.ts';
import { OperationIds } from './operation-ids.ts';

/**
 * Lets graphql-ws serve one socket. Between the two, the ids of operations are translated ({@link OperationIds}), and a
 * message that a client must not send closes the socket with 4400. When either side closes, every operation ends at once,
 * and no further message is read or sent.
 */
export function serveSocket(options: {
  socket: WebSocket;
  request: IncomingMessage;
  server: Server<Extra>;
  log: Log;
}): void {
  const { socket, request, server, log } = options;
  const ids = new OperationIds();
  let isOver = false;
  const end = (code: number, reason: string) => {
    if (isOver) return;
    isOver = true;
    // This may be called from inside `opened`, before it has returned.
    queueMicrotask(() =>
      closed(code, reason).catch((err) => log.error({ err }, 'ending the operations of a socket failed')),
    );
  };
  const close = ({ code, reason }: Fault) => {
    socket.close(code, reason);
    end(code, reason);
  };
  const closed = server.opened(
    {
      protocol: socket.protocol,
      send: (message) => {
        const outgoing = ids.outgoing(message);
        if (outgoing !== null) return written(socket, outgoing);
      },
      close: (code = INTERNAL.code, reason = '') => close({ code, reason }),
      onMessage: (handle) =>
        socket.on('message', (data) => {
          if (socket.readyState !== socket.OPEN) return;
          const message = readSafely(String(data), ids);
          if (message === null) return;
          if (typeof message !== 'string') return close(message);
          handle(message).catch((err) => {
            if (isTooDeep(err)) return close(TOO_DEEP);
            log.error({ err }, 'handling a socket message failed');
            close(INTERNAL);
          });
        }),
    },
    { socket, request },
  );
  socket.once('close', (code, reason) => end(code, String(reason)));
}

/** As {@link readMessage}, but a message that is nested too deeply to be serialized is the client's fault. */
function readSafely(text: string, ids: OperationIds): ReturnType<typeof readMessage> {
  try {
    return readMessage(text, ids);
  } catch (error) {
    if (isTooDeep(error)) return TOO_DEEP;
    throw error;
  }
}

/** Whether the call stack overflowed, for example on JSON that is nested thousands of levels deep. */
function isTooDeep(error: unknown): boolean {
  return error instanceof RangeError && /call stack/.test(error.message);
}

const TOO_DEEP: Fault = { code: CloseCode.BadRequest, reason: 'Message nested too deeply' };
const INTERNAL: Fault = { code: CloseCode.InternalServerError, reason: 'Internal server error' };

/**
 * Chooses graphql-transport-ws among the subprotocols that a client offers. If it is not offered, the first one is
 * accepted, only to close the socket with 4406: a client that is refused in the handshake does not learn why.
 */
export function chooseProtocol(offered: ReadonlySet<string>): string | false {
  if (offered.has(GRAPHQL_TRANSPORT_WS_PROTOCOL)) return GRAPHQL_TRANSPORT_WS_PROTOCOL;
  const [first] = offered;
  return first ?? false;
}

/** Resolves when the message was written, or cannot be written because the socket closes, which ends its operations. */
function written(socket: WebSocket, message: string): Promise<void> {
  return new Promise((resolve) => {
    if (socket.readyState === socket.OPEN) socket.send(message, () => resolve());
    else resolve();
  });
}
