import type { Context } from 'graphql-ws';
import type { Extra } from 'graphql-ws/use/ws';
import type { Session } from '../accounts/sessions.ts';
import type { Limits } from '../limits/limits.ts';
import { type Accounts, callerOf } from './authentication.ts';
import type { Served } from './serve-socket.ts';
import { takeSocket } from './socket-limits.ts';
import type { UnreadBytes } from './unread-bytes.ts';

export interface SocketExtra extends Extra, Served {
  /** By whose right the socket is open; none before connection_init. */
  session?: Session;
}

/** What graphql-ws knows of a socket. */
export type SocketContext = Context<Record<string, unknown> | undefined, SocketExtra>;

/** Close codes of graphql-transport-ws clients: 4401 is not retried, 4403 is, with a new token; 1013 is retried as it is. */
const UNAUTHORIZED = 4401;
const FORBIDDEN = 4403;
const TRY_AGAIN_LATER = 1013;
/** The longest reason of a close (RFC 6455, 5.5), in bytes. */
const LONGEST_REASON = 123;

/** Lets a socket in by the token of its connection_init, else by the header of its handshake, else closes it. */
export async function admitSocket(
  ctx: SocketContext,
  accounts: Accounts,
  limits: Limits,
  unread: UnreadBytes,
): Promise<void> {
  const { extra, connectionParams } = ctx;
  const { socket, request } = extra;
  const close = (code: number, reason: string) => socket.close(code, reason.slice(0, LONGEST_REASON));
  const given = connectionParams?.authorization ?? connectionParams?.Authorization;
  const known = await callerOf(given ?? request.headers.authorization, accounts);
  if ('refusal' in known) {
    const { status, code, message } = known.refusal;
    const refused = known.isExpired ? FORBIDDEN : UNAUTHORIZED;
    return close(status === 401 ? refused : TRY_AGAIN_LATER, `${code}: ${message}`);
  }
  if (!takeSocket(socket, known.caller, limits)) return;
  extra.session = accounts.sessions.open(known.caller, (why) =>
    close(FORBIDDEN, `UNAUTHENTICATED: The token ${why === 'expired' ? 'has expired' : 'was revoked'}.`),
  );
  const { session } = extra;
  const untrack = unread.track(known.caller, () => extra.flow.unread);
  socket.once('close', () => {
    session.end();
    untrack();
  });
  if (socket.readyState === socket.OPEN) return;
  session.end();
  untrack();
}
