import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { RateLimitedError } from '../../core/domain/errors.ts';
import type { Limits } from '../limits/limits.ts';
import type { AddressOf } from './caller-address.ts';
import { limitRefusal } from './limit-refusal.ts';
import type { Refusal } from './refusal.ts';
import { onResponseEnd } from './streams/response-end.ts';

/** How long a connection over the limit may take to send a request, which is refused, in milliseconds. */
const REFUSE_WITHIN_MS = 2_000;
/** How many such connections wait for their request; further ones are closed at once. */
const MOST_WAITING = 200;

export interface ConnectionLimitsOptions {
  limits: Pick<Limits, 'beginConnection' | 'beginProxied'>;
  addressOf: AddressOf;
  /** Whether an address is that of a trusted proxy, through which many callers come. */
  isProxy: (address: string) => boolean;
}

/**
 * Bounds the connections of a server, in all and of each address. A connection over a limit is not simply closed: its request
 * gets an answer that says why. What comes through a proxy is counted by its caller's address while it is open.
 */
export class ConnectionLimits {
  readonly #options: ConnectionLimitsOptions;
  readonly #refusals = new WeakMap<object, Refusal>();
  readonly #proxied = new WeakSet<object>();
  /** A connection that the server gets back from an upgrade counts already. */
  readonly #admitted = new WeakSet<object>();
  #waiting = 0;

  constructor(options: ConnectionLimitsOptions) {
    this.#options = options;
  }

  watch(server: Server): void {
    server.on('connection', (socket) => this.#admit(socket));
  }

  /** Why a request is refused because of its connection; null: it is not, and counts until `response` is over. */
  refusalOf(request: IncomingMessage, response: ServerResponse): Refusal | null {
    return this.#refusalOf(request, (release) => onResponseEnd(request, response, release));
  }

  /** The same of an upgrade, which counts until its socket is closed. */
  refusalOfUpgrade(request: IncomingMessage, socket: Duplex): Refusal | null {
    return this.#refusalOf(request, (release) => socket.once('close', release));
  }

  #refusalOf(request: IncomingMessage, whenOver: (release: () => void) => void): Refusal | null {
    const known = this.#refusals.get(request.socket);
    if (known || !this.#proxied.has(request.socket)) return known ?? null;
    const { limits, addressOf } = this.#options;
    return refusalFor(() => whenOver(limits.beginProxied(addressOf(request))));
  }

  #admit(socket: Socket): void {
    if (this.#admitted.has(socket)) return;
    this.#admitted.add(socket);
    const { limits, isProxy } = this.#options;
    const { remoteAddress: address = '' } = socket;
    const isProxied = isProxy(address);
    if (isProxied) this.#proxied.add(socket);
    const refusal = refusalFor(() => socket.once('close', limits.beginConnection(address, isProxied)));
    if (refusal) this.#refuse(socket, refusal);
  }

  #refuse(socket: Socket, refusal: Refusal): void {
    if (this.#waiting >= MOST_WAITING) return void socket.destroy();
    this.#waiting += 1;
    this.#refusals.set(socket, refusal);
    const late = setTimeout(() => socket.destroy(), REFUSE_WITHIN_MS);
    socket.once('close', () => {
      clearTimeout(late);
      this.#waiting -= 1;
    });
  }
}

function refusalFor(take: () => unknown): Refusal | null {
  try {
    take();
    return null;
  } catch (error) {
    if (!(error instanceof RateLimitedError)) throw error;
    return limitRefusal(error);
  }
}
