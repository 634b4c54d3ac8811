import { expect } from 'vitest';
import type { Data, GraphQLResult } from '../harness.ts';

/** What an answer would have of the server's inside: a line of a stack trace, a path of its files, an error of a store. */
const INSIDE =
  /\n\s+at |node_modules|node:internal|\.(?:ts|js|mjs):\d|Prisma|invalid byte sequence|hexstring/;

/** Codes of errors for which a caller's input is no reason. */
const OURS = ['INTERNAL_SERVER_ERROR', 'SERVICE_UNAVAILABLE', 'OUTCOME_UNKNOWN', undefined];

/** Expects that a text shows nothing of the inside of the server. */
export function expectNoInside(text: string): void {
  expect(text).not.toMatch(INSIDE);
  expect(text).not.toContain(process.cwd());
}

/** Expects that each error of a result is the caller's, and says so by its code. Returns the result. */
export function expectCallersErrors(result: GraphQLResult): Data {
  for (const { message, extensions } of result.errors ?? []) {
    expect(message).toMatch(/\S/);
    expect(OURS, message).not.toContain(extensions?.code);
  }
  expectNoInside(JSON.stringify(result));
  return result.data;
}

/** Expects that an answer as it was received is no fault of the server, and that a refusal says why, for programs. */
export function expectTypedAnswer(received: string): void {
  expectNoInside(received);
  const answer = received.replace(/^HTTP\/1\.1 100 .*\r\n\r\n/, '');
  expect(answer).toMatch(/^HTTP\/1\.1 (?:101|[234]\d\d) /);
  const [head = '', ...rest] = answer.split('\r\n\r\n');
  const body = rest.join('\r\n\r\n');
  // Operators read health and metrics, and the web client's files are none of the API.
  if (!/^HTTP\/1\.1 4/.test(head) || body === '' || /^content-type: text\/plain/im.test(head)) return;
  expect(head).toMatch(/^content-type: application\/(?:graphql-response\+)?json/im);
  // A body in chunks has their sizes around it.
  const shown: Data = JSON.parse(body.slice(body.indexOf('{'), body.lastIndexOf('}') + 1));
  // GraphQL's form, OpenAI's, or better-auth's.
  const code = shown.errors ? shown.errors[0].extensions.code : (shown.error ?? shown).code;
  expect(code, body).toMatch(/^\w+$/);
}
