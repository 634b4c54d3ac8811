import { expect, test } from 'vitest';
import { originRefusal } from './origin.ts';

test.each([
  ['http://127.0.0.1:4000', '127.0.0.1:4000', true],
  ['https://chat.example.com', 'chat.example.com:443', true],
  ['https://app.example.com', 'chat.example.com', true],
  ['https://chat.example.com:8443', 'chat.example.com', false],
  ['https://evil.example', 'chat.example.com', false],
  ['null', 'chat.example.com', false],
  ['http://undefined', undefined, false],
])('a page of %s may call %s or not', (origin, host, may) => {
  const headers = { origin, ...(host !== undefined && { host }) };
  expect(originRefusal(headers, new Set(['https://app.example.com'])) === null).toBe(may);
});
