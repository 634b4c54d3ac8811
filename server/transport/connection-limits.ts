import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import { RateLimitedError } from '../../core/domain/errors.ts';
import type { Limits } from '../limits/limits.ts';
import { limitRefusal } from './limit-refusal.ts';
import type { Refusal } from './refusal.ts';

/** How long a connection over the limit may take to send a request, which is refused, in milliseconds. */
const REFUSE_WITHIN_MS = 2_000;
/** How many such connections wait for their request; further ones are closed at once. */
const MOST_WAITING = 200;

/**
 * Bounds the connections of a server, in all and of each address. A connection over a limit is not simply closed: its request
 * gets an answer that says why.
 */
export class ConnectionLimits {
  readonly #limits: Limits;
  readonly #isProxy: (address: string) => boolean;
  readonly #refusals = new WeakMap<object, Refusal>();
  #waiting = 0;

  /** `isProxy`: whether an address is that of a trusted proxy, through which many callers come. */
  constructor(limits: Limits, isProxy: (address: string) => boolean) {
    this.#limits = limits;
    this.#isProxy = isProxy;
  }

  watch(server: Server): void {
    server.on('connection', (socket) => this.#admit(socket));
  }

  /** Why a request is refused because of its connection; null: it is not. */
  refusalOf({ socket }: IncomingMessage): Refusal | null {
    return this.#refusals.get(socket) ?? null;
  }

  #admit(socket: Socket): void {
    try {
      const { remoteAddress: address = '' } = socket;
      const release = this.#limits.beginConnection(address, this.#isProxy(address));
      socket.once('close', release);
    } catch (error) {
      if (!(error instanceof RateLimitedError)) throw error;
      this.#refuse(socket, error);
    }
  }

  #refuse(socket: Socket, error: RateLimitedError): void {
    if (this.#waiting >= MOST_WAITING) return void socket.destroy();
    this.#waiting += 1;
    this.#refusals.set(socket, limitRefusal(error));
    const late = setTimeout(() => socket.destroy(), REFUSE_WITHIN_MS);
    socket.once('close', () => {
      clearTimeout(late);
      this.#waiting -= 1;
    });
  }
}
