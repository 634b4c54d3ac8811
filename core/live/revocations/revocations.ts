import { z } from 'zod';

const revocation = z.union([
  z.object({ apiTokenId: z.string() }),
  z.object({ owner: z.string(), tenant: z.string() }),
]);

/** Whose right to call has ended before its time: an API token's, or all rights of an owner. */
export type Revocation = z.infer<typeof revocation>;

/**
 * Publishes to every server that a right has ended, so that what is open by it is closed at once. A hint, not a log: a server
 * that was not listening finds out when it checks the tokens that are in use.
 */
export interface Revocations {
  /** Never rejects. */
  publish(revocation: Revocation): Promise<void>;
  /** Calls `onRevoked` for each, until the returned function is called. */
  listen(onRevoked: (revocation: Revocation) => void): () => void;
}

/** Reads a message of another process; null for what is none. */
export function revocationFrom(message: unknown): Revocation | null {
  const parsed = revocation.safeParse(message);
  return parsed.success ? parsed.data : null;
}
