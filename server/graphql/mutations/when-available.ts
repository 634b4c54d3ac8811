import { StoreUnavailableError, UnavailableError } from '../../../core/domain/errors.ts';

/** For statements that may be repeated as they are. @throws {UnavailableError} when a store is unavailable */
export async function whenAvailable<T>(statement: Promise<T>): Promise<T> {
  try {
    return await statement;
  } catch (error) {
    if (!(error instanceof StoreUnavailableError)) throw error;
    throw new UnavailableError({ cause: error });
  }
}
