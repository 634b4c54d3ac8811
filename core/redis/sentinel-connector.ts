import { SentinelConnector } from 'ioredis';

/** What the types of ioredis keep to themselves. */
interface Detecting {
  failoverDetector: { cleanup(): void } | null;
}

/**
 * Connects to the master that the Sentinels name, and lets go of it when they name another. ioredis leaves the watch of a
 * lost connection on: when the Sentinels then name the new master, it ends the attempt to connect to it, for good.
 */
export class ForgetfulSentinelConnector extends SentinelConnector {
  override connect(...args: Parameters<SentinelConnector['connect']>) {
    const own = this as unknown as Detecting;
    own.failoverDetector?.cleanup();
    own.failoverDetector = null;
    return super.connect(...args);
  }
}
