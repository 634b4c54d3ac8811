import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Caller } from '../../core/domain/caller.ts';
import { StoreUnavailableError } from '../../core/domain/errors.ts';
import type { Authenticator } from '../accounts/authenticator.ts';
import type { Sessions } from '../accounts/sessions.ts';
import { UnauthenticatedError } from '../accounts/unauthenticated-error.ts';
import type { Refusal } from './refusal.ts';
import { onResponseEnd } from './streams/response-end.ts';

/** Who is calling, and what is open by whose right. */
export interface Accounts {
  authenticator: Pick<Authenticator, 'authenticate'>;
  sessions: Sessions;
}

/** The caller of a request, or why it is refused. */
export async function callerOf(
  authorization: unknown,
  { authenticator }: Accounts,
): Promise<{ caller: Caller } | { refusal: Refusal; isExpired: boolean }> {
  try {
    return { caller: await authenticator.authenticate(authorization) };
  } catch (error) {
    if (error instanceof UnauthenticatedError)
      return { refusal: unauthenticated(error), isExpired: error.fault === 'expired' };
    if (error instanceof StoreUnavailableError) return { refusal: UNAVAILABLE, isExpired: false };
    throw error;
  }
}

/** The answer to a caller without a valid token (RFC 6750, 3). */
function unauthenticated({ message, fault }: UnauthenticatedError): Refusal {
  const error = fault === 'missing' ? '' : ', error="invalid_token"';
  return {
    status: 401,
    code: 'UNAUTHENTICATED',
    message,
    headers: { 'www-authenticate': `Bearer realm="taskflow"${error}` },
  };
}

const UNAVAILABLE: Refusal = {
  status: 503,
  code: 'SERVICE_UNAVAILABLE',
  message: 'Who is calling could not be found out at the moment. The same call may be repeated.',
  headers: { 'retry-after': '1' },
};

/** Closes a stream when the right of its caller ends; its client comes back with another token. Other responses are finished. */
export function endWithRight(
  request: IncomingMessage,
  response: ServerResponse,
  caller: Caller,
  { sessions }: Accounts,
): void {
  const session = sessions.open(caller, () => {
    const type = String(response.getHeader('content-type') ?? '');
    if (/^(?:text\/event-stream|multipart\/mixed)/.test(type)) response.destroy();
  });
  onResponseEnd(request, response, () => session.end());
}
