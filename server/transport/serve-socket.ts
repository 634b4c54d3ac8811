import type { IncomingMessage } from 'node:http';
import { CloseCode, GRAPHQL_TRANSPORT_WS_PROTOCOL, type Server } from 'graphql-ws';
import type { Extra } from 'graphql-ws/use/ws';
import type { WebSocket } from 'ws';
import type { Log } from '../../core/telemetry/log.ts';
import type { Bound } from '../limits/refusals.ts';
import { type Fault, readMessage, TOO_MANY_PINGS } from './incoming-message.ts';
import { LargeResults } from './large-results.ts';
import { OperationIds } from './operation-ids.ts';
import { Rate } from './rate.ts';
import type { SocketFlow } from './socket-flow.ts';
import { partsOf } from './streams/large-result.ts';

/**
 * Lets graphql-ws serve one socket. Between the two, the ids of operations are translated ({@link OperationIds}), and a
 * message that a client must not send closes the socket with 4400. When either side closes, every operation ends at once,
 * and no further message is read or sent.
 */
export function serveSocket(options: {
  socket: WebSocket;
  request: IncomingMessage;
  server: Server<Extra & Served>;
  flow: SocketFlow;
  /** How many pings and pongs a client may send a second. */
  maxPings: number;
  /** Called when the socket is closed for a bound. */
  onRefused: (bound: Bound) => void;
  log: Log;
}): void {
  const { socket, request, server, flow, maxPings, onRefused, log } = options;
  const ids = new OperationIds();
  const large = new LargeResults();
  const pings = new Rate(maxPings);
  let isOver = false;
  const end = (code: number, reason: string) => {
    if (isOver) return;
    isOver = true;
    // This may be called from inside `opened`, before it has returned.
    queueMicrotask(() =>
      closed(code, reason).catch((err) => log.error({ err }, 'ending the operations of a socket failed')),
    );
  };
  const close = (fault: Fault) => {
    const { code, reason } = fault;
    const bound = BOUND_OF.get(fault);
    if (bound && socket.readyState === socket.OPEN) onRefused(bound);
    socket.close(code, reason);
    end(code, reason);
    // A client that reads learns why in this time. One that does not must not hold the memory, nor send on.
    const late = setTimeout(() => socket.terminate(), CLOSE_WITHIN_MS);
    socket.once('close', () => clearTimeout(late));
    if (bound) socket.pause();
  };
  const closed = server.opened(
    {
      protocol: socket.protocol,
      send: (message) => {
        const outgoing = ids.outgoing(message);
        const data = large.take(message);
        if (outgoing === null) return;
        if (flow.isOverfull) return close(UNREAD);
        if (!data) return flow.write(outgoing);
        const parts = partsOf(outgoing, data, (bytes) => flow.track(bytes));
        return flow.writeParts(parts, data.size.atMost);
      },
      close: (code = INTERNAL.code, reason = '') => close({ code, reason }),
      onMessage: (handle) =>
        socket.on('message', (data) => {
          if (socket.readyState !== socket.OPEN) return;
          const message = readSafely(String(data), ids, pings);
          if (message === null) return;
          if (typeof message !== 'string') return close(message);
          handle(message).catch((err) => {
            if (isTooDeep(err)) return close(TOO_DEEP);
            log.error({ err }, 'handling a socket message failed');
            close(INTERNAL);
          });
        }),
    },
    {
      ...{ socket, request, flow, large },
      takeText: (operation) => ids.takeText(operation),
      push: (operation, result) => {
        const message = ids.next(operation, result);
        if (message !== null) flow.push(message);
      },
    },
  );
  for (const frame of ['ping', 'pong'] as const)
    socket.on(frame, () => {
      if (!pings.add()) close(TOO_MANY_PINGS);
    });
  socket.once('close', (code, reason) => end(code, String(reason)));
}

/** What graphql-ws passes on with each operation of a socket. */
export interface Served {
  flow: SocketFlow;
  large: LargeResults;
  /** The document of an operation, which graphql-ws does not get; once. Undefined: it has it. */
  takeText(operation: string): string | undefined;
  /** Writes a result of an operation, which is JSON, past graphql-ws, if the client has not completed the operation. */
  push(operation: string, result: string): void;
}

/** As {@link readMessage}, but a message that is nested too deeply to be serialized is the client's fault. */
function readSafely(text: string, ids: OperationIds, pings: Rate): ReturnType<typeof readMessage> {
  try {
    return readMessage(text, ids, pings);
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
/** graphql-ws clients connect again after this code, which is not one of their own. */
const UNREAD: Fault = { code: 4413, reason: 'Too much is unread' };
const BOUND_OF = new Map<Fault, Bound>([
  [UNREAD, 'connectionMaxUnreadBytes'],
  [TOO_MANY_PINGS, 'socketMaxPings'],
]);
/** How long a socket that is closed for its client's fault stays open, so that the client learns why. */
const CLOSE_WITHIN_MS = 1_000;
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
