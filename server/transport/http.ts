import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Handler } from '../../core/http/handler.ts';
import { pathOf } from '../../core/http/path.ts';
import { type Log, withLogFields } from '../../core/telemetry/log.ts';
import type { CallContext, GraphQLServer } from '../graphql/context.ts';
import type { CallersShares } from '../limits/callers-shares.ts';
import type { Limits } from '../limits/limits.ts';
import type { Refusals } from '../limits/refusals.ts';
import { type Accounts, callerOf, endWithRight } from './authentication.ts';
import type { AddressOf } from './caller-address.ts';
import { compressJson } from './compress-json.ts';
import type { ConnectionLimits } from './connection-limits.ts';
import { shareWithOrigins } from './cors.ts';
import { crossSiteRefusal } from './cross-site.ts';
import type { DirectQueries } from './direct-queries.ts';
import { isPageRequest } from './graphiql.ts';
import { hostRefusal } from './host.ts';
import { answerMalformed } from './malformed-requests.ts';
import { originRefusal } from './origin.ts';
import { RESPONSE_HEADERS } from './page-headers.ts';
import { READ_ONLY, type Refusal, refuse } from './refusal.ts';
import { formatRefusal } from './request-format.ts';
import { REQUEST_ID_HEADER, requestIdOf } from './request-id.ts';
import { SingleConnections } from './single-connection.ts';
import type { StreamedContext } from './streams/streamed-operation.ts';
import type { UnreadBytes } from './unread-bytes.ts';
import { boundUnread } from './unread-response.ts';

/** Who may call the server, and from which pages. */
export interface Callers {
  /** The names by which it may be called, see {@link knownHosts}. */
  hosts: ReadonlySet<string>;
  /** The origins whose pages may call it beside its own. */
  origins: ReadonlySet<string>;
  /** From where they call. */
  addressOf: AddressOf;
}

/** An API beside GraphQL, under paths of its own, with errors in a form of its own. */
export interface OtherApi {
  /** Whether the path is one of its own. */
  has(path: string): boolean;
  serve: Handler;
  refuse(response: ServerResponse, refusal: Refusal): void;
}

export interface HttpOptions {
  graphql: GraphQLServer;
  queries: Pick<DirectQueries, 'serve'>;
  /** The page of GraphiQL, for browsers that ask for a page at the API's address; null if there is none. */
  graphiql: Handler | null;
  openai: OtherApi;
  /** By path: health, metrics. Pages of other origins may not call them. */
  operations: ReadonlyMap<string, Handler>;
  /** What is below /auth. */
  auth: Handler;
  /** Everything else: the web client. */
  client: Handler;
  callers: Callers;
  accounts: Accounts;
  unread: UnreadBytes;
  /** How much may be unread of the results of many operations in one stream, in bytes. */
  maxUnread: number;
  refusals: Pick<Refusals, 'count'>;
  limits: Limits;
  log: Log;
  /** In which turn of the event loop a caller's request begins; null: they all are one caller. */
  shares: Pick<CallersShares, 'of'> | null;
  connections: ConnectionLimits;
  times: RequestTimes;
  /** Whether connections are closed after each response, so that callers reconnect to another server. */
  isDraining: () => boolean;
}

/** How long clients may take, in milliseconds. */
interface RequestTimes {
  /** To send the headers of a request. */
  headersMs: number;
  /** To send a whole request. */
  requestMs: number;
}

/** One HTTP server for the API, the operators' endpoints and the web client. */
export function createHttpServer(options: HttpOptions): Server {
  const { graphql, queries, graphiql, openai, operations, auth, client, callers, accounts, isDraining } =
    options;
  const { limits, connections, unread, maxUnread, refusals } = options;
  const singleConnections = new SingleConnections({ limits, unread, maxUnread, refusals });
  const refuseLogged = (
    response: ServerResponse,
    { requestId, refusal, by = refuse }: { requestId: string; refusal: Refusal; by?: OtherApi['refuse'] },
  ) => {
    const { status, code: error, message: cause } = refusal;
    options.log.info({ requestId, status, error, cause }, 'request refused');
    by(response, refusal);
  };
  const serveGraphQL = async (request: IncomingMessage, response: ServerResponse, requestId: string) => {
    const known = await callerOf(request.headers.authorization, accounts);
    if ('refusal' in known) return refuseLogged(response, { requestId, refusal: known.refusal });
    const { caller } = known;
    // Reading a request takes about 1 ms. Thousands of one caller that come at once must not come before those of others.
    await options.shares?.of(caller).starts.next();
    if (response.closed) return;
    compressJson(request, response);
    boundUnread(response, caller, unread);
    const operation = singleConnections.serve(request, response, caller);
    endWithRight(request, response, caller, accounts);
    if (operation === 'answered') return;
    const refusal = formatRefusal(request);
    if (refusal) return refuseLogged(response, { requestId, refusal });
    lowerAccept(request);
    const context: ServerContext = {
      ...{ caller, address: callers.addressOf(request) },
      ...(operation && { operation, connection: operation.stream }),
    };
    const left = operation ? request : await queries.serve(request, response, { ...context, requestId });
    if (left) inScope(requestId, response, () => graphql(left, response, context));
  };
  const server = createServer(timesOf(options.times), (request, response) => {
    if (isDraining()) response.shouldKeepAlive = false;
    for (const [name, value] of Object.entries(RESPONSE_HEADERS)) response.setHeader(name, value);
    const path = pathOf(request);
    const operation = operations.get(path);
    const origins = operation ? NONE : callers.origins;
    const api = openai.has(path) ? openai : null;
    const page = path === '/graphql' && isPageRequest(request) ? graphiql : null;
    const isCall = api !== null || (path === '/graphql' && page === null);
    const stranger =
      connections.refusalOf(request, response) ??
      hostRefusal(request, callers.hosts) ??
      originRefusal(request.headers, origins) ??
      (isCall ? crossSiteRefusal(request, origins) : null);
    if (stranger) {
      const by = (answer: ServerResponse, refusal: Refusal) => (api ?? { refuse }).refuse(answer, refusal);
      return refuseLogged(response, { requestId: requestIdOf(request), refusal: stranger, by });
    }
    if (shareWithOrigins(request, response, origins)) return;
    const serve = page ?? (path.startsWith('/auth/') ? auth : api?.serve);
    if (isCall || serve) {
      const requestId = requestIdOf(request);
      response.setHeader(REQUEST_ID_HEADER, requestId);
      if (!serve) return void serveGraphQL(request, response, requestId);
      return inScope(requestId, response, () => serve(request, response));
    }
    if (path.startsWith('/graphql/')) return refuse(response, NOT_FOUND);
    if (!isRead(request)) return refuse(response, operation ? READ_ONLY : NOT_FOUND);
    return void (operation ?? client)(request, response);
  });
  connections.watch(server);
  answerMalformed(server);
  return server;
}

/** Lines that are logged until the response is over have its id. */
function inScope(requestId: string, response: ServerResponse, serve: () => unknown): void {
  void withLogFields({ requestId }, () => {
    serve();
    // Its caller may have disconnected before.
    return response.closed ? undefined : once(response, 'close');
  });
}

function timesOf({ headersMs, requestMs }: RequestTimes) {
  return {
    headersTimeout: Math.min(headersMs, requestMs),
    requestTimeout: requestMs,
    connectionsCheckingInterval: Math.min(CHECK_EVERY_MS, headersMs),
  };
}

/** How often Node looks for clients that take too long, in milliseconds. */
const CHECK_EVERY_MS = 2_000;

type ServerContext = CallContext & StreamedContext & Record<string, unknown>;

const NONE: ReadonlySet<string> = new Set();

const NOT_FOUND: Refusal = {
  status: 404,
  code: 'NOT_FOUND',
  message: 'There is nothing at this path. GraphQL is at /graphql, the API in the form of OpenAI at /v1.',
};

function isRead({ method }: IncomingMessage): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** Media types are case-insensitive (RFC 9110, 8.3.1), but Yoga compares them with case. */
function lowerAccept({ headers }: IncomingMessage): void {
  if (headers.accept) headers.accept = headers.accept.toLowerCase();
}
