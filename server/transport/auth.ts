import type { IncomingMessage, ServerResponse } from 'node:http';
import { StoreUnavailableError } from '../../core/domain/errors.ts';
import type { Handler } from '../../core/http/handler.ts';
import { pathOf } from '../../core/http/path.ts';
import type { Log } from '../../core/telemetry/log.ts';
import { ADDRESS_HEADER } from '../accounts/address-header.ts';
import type { People } from '../accounts/people.ts';
import type { SignInWays } from '../accounts/sign-in-ways.ts';
import type { AddressOf } from './caller-address.ts';
import { READ_ONLY, type Refusal, refuse } from './refusal.ts';

export interface AuthRoutes {
  ways: SignInWays;
  /** Null where people have no accounts. */
  people: Pick<People, 'handle'> | null;
  addressOf: AddressOf;
  log: Log;
}

/** The longest body, in bytes: a password, an address, a name. */
const LONGEST_BODY = 16_384;

/** The headers that better-auth gets. None of them says who the caller is by itself, but for the cookie. */
const PASSED_ON = [
  'accept',
  'accept-language',
  'content-type',
  'cookie',
  'origin',
  'referer',
  'sec-fetch-dest',
  'sec-fetch-mode',
  'sec-fetch-site',
  'user-agent',
] as const;

/** Serves `/auth/*`: which ways of signing in there are, and these ways. */
export function serveAuth({ ways, people, addressOf, log }: AuthRoutes): Handler {
  return async (request, response) => {
    response.setHeader('cache-control', 'no-store');
    if (pathOf(request) === '/auth/providers') return serveWays(request, response, ways);
    if (!people) return refuse(response, NOT_FOUND);
    if (!METHODS.includes(request.method ?? '')) return refuse(response, NO_METHOD);
    try {
      const body = await bodyOf(request);
      if (body === null) return refuse(response, TOO_LARGE);
      await send(response, await people.handle(requestFrom(request, body, addressOf(request))));
    } catch (error) {
      if (response.headersSent || response.destroyed) return void response.destroy();
      if (error instanceof StoreUnavailableError) return refuse(response, UNAVAILABLE);
      log.error({ err: error }, 'a request of a person failed');
      refuse(response, FAILED);
    }
  };
}

function serveWays({ method }: IncomingMessage, response: ServerResponse, ways: SignInWays): void {
  if (method !== 'GET' && method !== 'HEAD') return refuse(response, READ_ONLY);
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(ways));
}

/** The whole body; null if it is too long. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > LONGEST_BODY) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function requestFrom(request: IncomingMessage, body: Buffer, address: string): Request {
  const { method = 'GET', url = '/', headers: given } = request;
  const headers = new Headers();
  for (const name of PASSED_ON) if (given[name] !== undefined) headers.set(name, String(given[name]));
  headers.set(ADDRESS_HEADER, address);
  const hasBody = method !== 'GET' && method !== 'HEAD' && body.length > 0;
  // Only the path of the URL counts: the address of the server is configured.
  return new Request(`http://localhost${url}`, {
    method,
    headers,
    ...(hasBody && { body: new Uint8Array(body) }),
  });
}

async function send(response: ServerResponse, answer: Response): Promise<void> {
  const { status, headers } = answer;
  const body = Buffer.from(await answer.arrayBuffer());
  const isSaid = headers.get('content-type')?.startsWith('application/json') === true;
  if (status === 404 && !isSaid) return refuse(response, NOT_FOUND);
  if (leadsElsewhere(headers.get('location'))) return refuse(response, NOT_OURS);
  if (status === 429) return refuse(response, tooMany(headers.get('x-retry-after') ?? '10'));
  for (const [name, value] of headers) if (name !== 'set-cookie') response.setHeader(name, value);
  // A redirect says that it is JSON.
  if (body.length === 0) response.removeHeader('content-type');
  const cookies = headers.getSetCookie();
  if (cookies.length > 0) response.setHeader('set-cookie', cookies);
  response.setHeader('cache-control', 'no-store');
  response.writeHead(status, { 'content-length': body.length }).end(body);
}

/**
 * Whether a redirect to a path leads to another host: `//evil.example` does. A path such as `/.//evil.example` is one of this
 * server when it is checked, and becomes that when parameters are added to it.
 */
function leadsElsewhere(location: string | null): boolean {
  return location?.startsWith('/') === true && URL.parse(location, HERE)?.origin !== HERE;
}

const HERE = 'http://here.invalid';

/** Those of better-auth's endpoints. Of others, such as TRACE, there are no objects of Request. */
const METHODS = ['GET', 'HEAD', 'POST'];

const NO_METHOD: Refusal = {
  status: 405,
  code: 'METHOD_NOT_ALLOWED',
  message: 'What is below /auth is called with GET or POST.',
  headers: { allow: 'GET, HEAD, POST' },
};

const NOT_OURS: Refusal = {
  status: 403,
  code: 'FORBIDDEN',
  message: 'This leads to a page of another site.',
};

const NOT_FOUND: Refusal = {
  status: 404,
  code: 'NOT_FOUND',
  message: 'There is nothing at this path. GET /auth/providers says how people sign in here.',
};

const TOO_LARGE: Refusal = {
  status: 413,
  code: 'REQUEST_ENTITY_TOO_LARGE',
  message: `The body must have at most ${LONGEST_BODY} bytes.`,
};

const UNAVAILABLE: Refusal = {
  status: 503,
  code: 'SERVICE_UNAVAILABLE',
  message: 'Accounts cannot be read at the moment. The same call may be repeated.',
  headers: { 'retry-after': '1' },
};

const FAILED: Refusal = {
  status: 500,
  code: 'INTERNAL_SERVER_ERROR',
  message: 'Something went wrong on our side.',
};

function tooMany(seconds: string): Refusal {
  return {
    status: 429,
    code: 'RATE_LIMITED',
    message: `There were too many attempts. Try again in ${seconds} s.`,
    headers: { 'retry-after': seconds },
  };
}
