/**
 * A circuit breaker per model, shared by all servers and workers of an installation. Workers open and close it by the outcome
 * of their calls; servers check it when a turn begins, so that TurnStarted names the model that answers.
 */
export interface ModelHealth {
  /**
   * Whether a turn that begins now may call the model. Closed: yes. Open: no. Half-open, after the rest: allows one turn as a
   * probe, and no other until the probe has closed or opened the breaker, or {@link PROBE_MS} have passed. Never rejects: if
   * the state is unknown, yes.
   */
  allowRequest(model: string): Promise<boolean>;
  /** Opens the breaker: the model has failed too often, and is not called for `restMs`, in milliseconds. */
  open(model: string, restMs: number): Promise<void>;
  /** Closes the breaker: the model has answered. Costs nothing while it is closed. */
  close(model: string): Promise<void>;
  /** Whether the breaker is open or half-open. */
  isOpen(model: string): boolean;
  /** The models whose breaker is open now. A half-open breaker, whose rest is over, is not among them. */
  openModels(): string[];
  /** Idempotent. */
  stop(): Promise<void>;
}

/** How long a probe may take, in milliseconds: 1.5 times as long as all attempts of one call. */
export const PROBE_MS = 15_000;
