/** Why a caller is not known. */
export type AuthFault = 'missing' | 'malformed' | 'expired' | 'invalid';

const MESSAGES: Record<AuthFault, string> = {
  missing:
    'This needs a token: send it as "Authorization: Bearer <token>", over WebSocket in the payload of connection_init.',
  malformed: 'The token is neither a JSON Web Token nor an API token of this server.',
  expired: 'The token has expired.',
  invalid: 'The token is not valid here.',
};

/** The caller shows no valid token. The message does not say more than a caller may know. */
export class UnauthenticatedError extends Error {
  override name = 'UnauthenticatedError';
  readonly fault: AuthFault;

  constructor(fault: AuthFault) {
    super(MESSAGES[fault]);
    this.fault = fault;
  }
}
