import { duration, integer } from '../kinds/kinds.ts';
import { setting } from '../kinds/setting.ts';

/** A limit of a number; 0 turns it off. */
const limit = integer(0, 1_000_000);
const tokens = integer(0, 1_000_000_000_000, 'tokens');

/** The share of the service that one caller can take: see docs/limits.md. */
export const limits = {
  connections: setting(limit, {
    variable: 'CONNECTIONS',
    default: '12000',
    decides: 'How many connections one server has open: requests, streams and WebSockets. 0: no limit.',
  }),
  connectionsPerAddress: setting(limit, {
    variable: 'CONNECTIONS_PER_ADDRESS',
    default: '2000',
    decides: 'How many of them come from one address. 0: no limit, as for the limits below.',
  }),
  handshakesPerAddress: setting(limit, {
    variable: 'HANDSHAKES_PER_ADDRESS',
    default: '1500',
    decides: 'How many WebSockets one address opens in 10 s.',
  }),
  socketsPerOwner: setting(limit, {
    variable: 'SOCKETS_PER_OWNER',
    default: '100',
    decides: 'How many WebSockets and shared streams of one owner one server has open.',
  }),
  framesPerSocket: setting(limit, {
    variable: 'FRAMES_PER_SOCKET',
    default: '1000',
    decides: 'How many messages and pings of the WebSocket protocol one WebSocket sends in 10 s.',
  }),
  framesPerOwner: setting(limit, {
    variable: 'FRAMES_PER_OWNER',
    default: '3000',
    decides: 'How many of them all WebSockets of one owner at one server send in 10 s.',
  }),
  subscriptionsPerSocket: setting(limit, {
    variable: 'SUBSCRIPTIONS_PER_SOCKET',
    default: '100',
    decides: 'How many subscriptions one WebSocket, or one shared stream, has open.',
  }),
  subscriptionsPerOwner: setting(limit, {
    variable: 'SUBSCRIPTIONS_PER_OWNER',
    default: '200',
    decides: 'How many subscriptions of one owner one server has open.',
  }),
  subscriptionsPerAddress: setting(limit, {
    variable: 'SUBSCRIPTIONS_PER_ADDRESS',
    default: '4000',
    decides: 'How many subscriptions of one address one server has open.',
  }),
  subscribesPerSocket: setting(limit, {
    variable: 'SUBSCRIBES_PER_SOCKET',
    default: '200',
    decides: 'How many subscriptions one WebSocket, or one shared stream, begins in 10 s.',
  }),
  subscribesPerOwner: setting(limit, {
    variable: 'SUBSCRIBES_PER_OWNER',
    default: '1200',
    decides: 'How many subscriptions one owner begins in a minute, over all servers.',
  }),
  operationsPerSocket: setting(limit, {
    variable: 'OPERATIONS_PER_SOCKET',
    default: '20',
    decides: 'How many queries and mutations of one WebSocket, or of one shared stream, run at once.',
  }),
  operationsPerOwner: setting(limit, {
    variable: 'OPERATIONS_PER_OWNER',
    default: '100',
    decides: 'How many queries and mutations of one owner one server runs at once.',
  }),
  queriesPerOwner: setting(limit, {
    variable: 'QUERIES_PER_OWNER',
    default: '4',
    decides:
      'How many queries of one owner one server executes at once, and how many of their reads of the database. The others wait in order and, while the server is busy, for their share of its time.',
  }),
  operationsPerAddress: setting(limit, {
    variable: 'OPERATIONS_PER_ADDRESS',
    default: '1000',
    decides: 'How many queries and mutations of one address one server runs at once.',
  }),
  messagesPerOwner: setting(limit, {
    variable: 'MESSAGES_PER_OWNER',
    default: '120',
    decides:
      'How many answers one owner asks for in a minute, over all servers: messages, new conversations, regenerated answers, completions at `/v1`.',
  }),
  messagesPerAddress: setting(limit, {
    variable: 'MESSAGES_PER_ADDRESS',
    default: '2400',
    decides: 'How many answers one address asks for in a minute, over all servers.',
  }),
  mutationsPerOwner: setting(limit, {
    variable: 'MUTATIONS_PER_OWNER',
    default: '600',
    decides: 'How many other mutations one owner calls in a minute, over all servers.',
  }),
  activityPerOwner: setting(limit, {
    variable: 'ACTIVITY_PER_OWNER',
    default: '240',
    decides: 'How often one owner calls `reportActivity` in a minute, over all servers.',
  }),
  telemetryPerOwner: setting(limit, {
    variable: 'TELEMETRY_PER_OWNER',
    default: '6000',
    decides: 'How often one owner calls `ingestInference` in a minute, over all servers.',
  }),
  completionsPerOwner: setting(limit, {
    variable: 'COMPLETIONS_PER_OWNER',
    default: '8',
    decides:
      'How many completions of `/v1` that belong to no conversation one server makes for one owner at once.',
  }),
  signInsPerUser: setting(limit, {
    variable: 'SIGN_INS_PER_USER',
    default: '10',
    decides:
      'How often signing in with one e-mail address fails in 5 minutes, over all servers, before further attempts are refused.',
  }),
  signInsPerAddress: setting(limit, {
    variable: 'SIGN_INS_PER_ADDRESS',
    default: '100',
    decides: 'How many attempts to sign in, or to sign up, one address makes in a minute, over all servers.',
  }),
  guestsPerAddress: setting(limit, {
    variable: 'GUESTS_PER_ADDRESS',
    default: '300',
    decides: 'How many guests one address begins in an hour, over all servers.',
  }),
  tokensPerOwnerDay: setting(tokens, {
    variable: 'TOKENS_PER_OWNER_DAY',
    default: '0',
    decides:
      'How many tokens, of prompts and answers together, one owner uses in a day (UTC) before further messages are refused. An answer that has begun is spoken to its end.',
  }),
  tokensPerTenantDay: setting(tokens, {
    variable: 'TOKENS_PER_TENANT_DAY',
    default: '0',
    decides: 'How many tokens one tenant uses in a day (UTC).',
  }),
  httpHeadersMs: setting(duration, {
    variable: 'HTTP_HEADERS_MS',
    default: '10000',
    decides: 'How long a client has to send the headers of a request.',
  }),
  httpRequestMs: setting(duration, {
    variable: 'HTTP_REQUEST_MS',
    default: '30000',
    decides: 'How long a client has to send a whole request.',
  }),
  socketInitMs: setting(duration, {
    variable: 'SOCKET_INIT_MS',
    default: '3000',
    decides: 'How long a WebSocket has to send `connection_init`.',
  }),
};

/** The limits of one owner. They protect other owners, so single-user mode has them only where a variable sets them. */
export const OWNER_LIMITS = [
  'socketsPerOwner',
  'framesPerOwner',
  'subscriptionsPerOwner',
  'subscribesPerOwner',
  'operationsPerOwner',
  'queriesPerOwner',
  'messagesPerOwner',
  'mutationsPerOwner',
  'activityPerOwner',
  'telemetryPerOwner',
  'completionsPerOwner',
] as const satisfies readonly (keyof typeof limits)[];
