import { createHash } from 'node:crypto';
import { type Owner, ownerKey } from '../domain/owner.ts';

/** By what an erased person is recognised without their id: SHA-256, in hexadecimal. */
export function personHash(owner: Owner): string {
  return createHash('sha256').update(ownerKey(owner)).digest('hex');
}
