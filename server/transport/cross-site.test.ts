import { describe, expect, test } from 'vitest';
import { crossSiteRefusal } from './cross-site.ts';

const APP = 'https://app.example.com';
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

function isRefused(headers: Record<string, string>, method = 'GET'): boolean {
  const request = { method, headers: { host: '192.168.1.5:4000', ...headers } };
  return crossSiteRefusal(request, new Set([APP])) !== null;
}

describe('without Origin', () => {
  test.each(['cross-site', 'same-site', 'nonsense'])('Sec-Fetch-Site: %s is refused', (site) => {
    expect(isRefused({ 'sec-fetch-site': site })).toBe(true);
    expect(isRefused({ 'sec-fetch-site': site }, 'POST')).toBe(true);
    expect(isRefused({ 'sec-fetch-site': site, referer: 'http://192.168.1.5:4000/' })).toBe(true);
  });

  test.each(['same-origin', 'none'])('Sec-Fetch-Site: %s is accepted', (site) => {
    expect(isRefused({ 'sec-fetch-site': site, 'user-agent': FIREFOX })).toBe(false);
  });

  test.each([undefined, 'curl/8.5.0', 'node', 'python-requests/2.32'])(
    'a program that is no browser, %s, is accepted',
    (agent) => expect(isRefused(agent === undefined ? {} : { 'user-agent': agent })).toBe(false),
  );
});

describe('a browser that sends no Sec-Fetch-Site', () => {
  const isGetRefused = (headers: Record<string, string>) => isRefused({ 'user-agent': FIREFOX, ...headers });

  test.each([
    {},
    { accept: 'text/event-stream' },
    { 'last-event-id': '1-1' },
    { referer: 'https://evil.example/' },
    { referer: 'http://192.168.1.5:4001/' },
    { referer: 'http://192.168.1.5.evil.example:4000/' },
    { referer: 'nonsense' },
  ])('is refused with %j', (headers) => expect(isGetRefused(headers)).toBe(true));

  test.each([
    { referer: 'http://192.168.1.5:4000/c/1' },
    { referer: `${APP}/` },
    { origin: APP },
    { authorization: 'Bearer x' },
    { 'apollo-require-preflight': 'true' },
    { 'x-apollo-operation-name': 'Events' },
    { 'x-graphql-event-stream-token': 'x' },
  ])('is accepted with %j', (headers) => expect(isGetRefused(headers)).toBe(false));

  test('is accepted with any other method, which a page of another site sends with its Origin', () => {
    for (const method of ['POST', 'PUT', 'DELETE'])
      expect(isRefused({ 'user-agent': FIREFOX }, method)).toBe(false);
  });
});
