import { WITH_TOKENS } from '../tokens.ts';
import { WITH_ACCOUNTS } from '../visitor.ts';

/** The limits that would refuse most of what is sent: 0 turns them off. */
const UNLIMITED = Object.fromEntries(
  [
    ...['HANDSHAKES_PER_ADDRESS', 'SUBSCRIBES_PER_OWNER', 'MESSAGES_PER_OWNER', 'MESSAGES_PER_ADDRESS'],
    ...['MUTATIONS_PER_OWNER', 'ACTIVITY_PER_OWNER', 'TELEMETRY_PER_OWNER', 'GUESTS_PER_ADDRESS'],
    ...['SIGN_INS_PER_USER', 'SIGN_INS_PER_ADDRESS'],
  ].map((name) => [name, '0']),
);

/** A server on which every entry is open: accounts, guests, tokens, entities of a federation. */
export const SETTINGS = {
  ...{ ...WITH_TOKENS, ...WITH_ACCOUNTS, ...UNLIMITED },
  ...{ AUTH_GUESTS: '1', FEDERATION: '1', INTROSPECTION: '1', GRAPHIQL: '1' },
};
