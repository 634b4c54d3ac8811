import type { RedisClient } from '../../redis/connect.ts';
import type { Log } from '../../telemetry/log.ts';
import type { LivePush } from '../push/live-push.ts';
import { type Revocation, type Revocations, revocationFrom } from './revocations.ts';

export interface RedisRevocationsOptions {
  redis: RedisClient;
  push: LivePush;
  log: Log;
  /** Prefix of the channel. */
  prefix?: string;
}

/** How long after a failed attempt to listen the next one is made, in milliseconds. */
const RETRY_MS = 1_000;

/** {@link Revocations} between processes, on Redis. */
export class RedisRevocations implements Revocations {
  readonly #options: RedisRevocationsOptions;
  readonly #channel: string;

  constructor(options: RedisRevocationsOptions) {
    this.#options = options;
    this.#channel = `${options.prefix ?? 'taskflow'}:revocations`;
  }

  async publish(revocation: Revocation): Promise<void> {
    const { redis, log } = this.#options;
    await redis
      .publish(this.#channel, JSON.stringify(revocation))
      .catch((err) => log.warn({ err }, 'a revocation was not published: servers find out by themselves'));
  }

  listen(onRevoked: (revocation: Revocation) => void): () => void {
    const { push, log } = this.#options;
    let isOver = false;
    let retry: NodeJS.Timeout | undefined;
    let detach = () => {};
    const attach = () =>
      push
        .attach(this.#channel, (message) => {
          const revocation = revocationFrom(message);
          if (revocation && !isOver) onRevoked(revocation);
        })
        .then(
          (undo) => {
            detach = undo;
            if (isOver) undo();
          },
          (err) => {
            log.debug({ err }, 'revocations are not heard yet');
            if (isOver) return;
            retry = setTimeout(() => void attach(), RETRY_MS);
            retry.unref();
          },
        );
    void attach();
    return () => {
      isOver = true;
      clearTimeout(retry);
      detach();
    };
  }
}
