import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expectNoInside } from '../support/fuzz/answers.ts';
import { ofAccounts, ofConversation, toAccounts, toModels } from '../support/fuzz/entries.ts';
import { runs } from '../support/fuzz/runs.ts';
import { type WatchedSystem, watchSystem } from '../support/fuzz/watched-system.ts';
import { Visitor } from '../support/visitor.ts';

let system: WatchedSystem;
watchSystem((started) => {
  system = started;
});

const JSON_TYPE = { 'content-type': 'application/json' };

async function guest(): Promise<Record<string, string>> {
  const visitor = new Visitor(system.url);
  await visitor.post('/auth/sign-in/anonymous');
  return { cookie: visitor.cookie };
}

async function call(path: string, init: RequestInit & { headers: Record<string, string> }) {
  const headers = { origin: system.url, connection: 'close', ...init.headers };
  const response = await fetch(new URL(path, system.url), { ...init, headers, redirect: 'manual' });
  const body = await response.text();
  expect(response.status, body).toBeLessThan(500);
  expectNoInside(body);
  return { status: response.status, body };
}

test('what people send to sign up, in and out is answered', async () => {
  await fc.assert(
    fc.asyncProperty(toAccounts, fc.boolean(), async ({ path, body }, isGuest) => {
      const cookie = isGuest ? await guest() : {};
      await call(path, { method: 'POST', body, headers: { ...JSON_TYPE, ...cookie } });
      system.expectNoComplaints();
    }),
    runs(10),
  );
});

test('what is read of accounts is answered', async () => {
  await fc.assert(
    fc.asyncProperty(ofAccounts, fc.boolean(), async (path, isGuest) => {
      const cookie = isGuest ? await guest() : {};
      await call(path, { headers: cookie });
      system.expectNoComplaints();
    }),
    runs(10),
  );
});

test('a request for a completion is answered, or refused in the form of OpenAI', async () => {
  await fc.assert(
    fc.asyncProperty(toModels, ofConversation, async ({ path, body: sent }, headers) => {
      const authorization = `Bearer ${system.token}`;
      const { status, body } = await call(path, {
        method: 'POST',
        body: sent,
        headers: { ...JSON_TYPE, ...headers, authorization },
      });
      if (status >= 400)
        expect(JSON.parse(body)).toEqual({
          error: {
            message: expect.any(String),
            type: expect.any(String),
            code: expect.any(String),
            param: expect.toBeOneOf([null, expect.any(String)]),
          },
        });
      system.expectNoComplaints();
    }),
    runs(12),
  );
});
