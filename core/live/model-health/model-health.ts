/**
 * Which models are not to be asked for a while, as every server and worker of an installation knows it. Workers find
 * it out by asking; servers look it up when a turn begins, so that TurnStarted names the model that answers.
 */
export interface ModelHealth {
  /**
   * Whether a turn that begins now may ask the model. While it is sick: no. Once its rest is over: one turn may, to
   * probe it, and no other until that one has told or {@link PROBE_MS} have passed. Never rejects: in doubt, yes.
   */
  allowRequest(model: string): Promise<boolean>;
  /** The model has failed too often: it is not to be asked for `restMs`. */
  open(model: string, restMs: number): Promise<void>;
  /** The model has answered. Costs nothing while it is not held to be sick. */
  close(model: string): Promise<void>;
  /** Whether it is held to be sick, its rest being over or not. */
  isOpen(model: string): boolean;
  /** Idempotent. */
  stop(): Promise<void>;
}

/** How long a probe may take to tell, in milliseconds: half as long again as all tries of one call. */
export const PROBE_MS = 15_000;
