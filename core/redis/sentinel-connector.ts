import { SentinelConnector } from 'ioredis';

/** The part of the connector that the types of ioredis omit. */
interface Detecting {
  failoverDetector: { cleanup(): void } | null;
}

/**
 * Connects to the master that the Sentinels name, and disconnects when they name another one. ioredis keeps the failover
 * detector of a lost connection: when the Sentinels then name the new master, it ends the attempt to connect for good.
 */
export class FailoverSafeConnector extends SentinelConnector {
  override connect(...args: Parameters<SentinelConnector['connect']>) {
    const own = this as unknown as Detecting;
    own.failoverDetector?.cleanup();
    own.failoverDetector = null;
    return super.connect(...args);
  }
}
