import { NotFoundError } from '../../../core/domain/errors.ts';
import { PROBLEM_TEXTS } from '../../../core/domain/texts.ts';
import type { OwnRows } from '../../../core/store/own-rows.ts';
import type { Message } from '../../../generated/prisma/client.ts';
import { whenAvailable } from './when-available.ts';

/**
 * A message of the viewer.
 * @throws {NotFoundError} when they have no such message
 * @throws {UnavailableError} when it cannot be read
 */
export async function ownMessage(own: OwnRows, id: string): Promise<Message> {
  const [message] = await whenAvailable(own.messages([id]));
  if (!message) throw new NotFoundError(PROBLEM_TEXTS.noMessage);
  return message;
}
