import fc, { type Arbitrary } from 'fast-check';
import { hostileJson, hostileObject, hostileText } from './hostile-json.ts';

/** An entry that is called with JSON, and a body for it. */
export interface Entry {
  path: string;
  body: string;
}

const quoted = (text: string) => JSON.stringify(text);
const text = hostileText.map(quoted);
/** One of the usual values, and sometimes another. */
const mostly = (...usual: string[]) =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...usual) },
    { weight: 1, arbitrary: text },
    { weight: 1, arbitrary: hostileJson },
  );

const page = mostly('"/"', '"/x"', '"//evil.example"', '"http://["', '"/.//evil.example"', '"javascript:1"');
const flag = mostly('true', 'false');
const email = mostly(
  '"ada@example.com"',
  '"nul\\u0000@example.com"',
  '"a@[::1]"',
  `"${'a'.repeat(300)}@example.com"`,
);
const password = mostly(
  '"correct horse battery"',
  '"one\\u0000two three four"',
  '"\\ud800 horse battery"',
  '"short"',
);
const token = mostly('"x"', '"a.b.c"', '"\\u0000"', '"eyJhbGciOiJub25lIn0.e30."');
const provider = mostly('"github"', '"__proto__"', '"constructor"', '"toString"', '"oidc"');

/** The fields of what people send, by the path below /auth. */
const ACCOUNTS: Record<string, Record<string, Arbitrary<string>>> = {
  'sign-up/email': {
    name: text,
    email,
    password,
    image: text,
    callbackURL: page,
    rememberMe: flag,
    role: text,
    id: text,
  },
  'sign-in/email': { email, password, callbackURL: page, rememberMe: flag },
  'sign-in/social': {
    provider,
    callbackURL: page,
    errorCallbackURL: page,
    scopes: hostileJson,
    additionalData: hostileJson,
    loginHint: text,
  },
  'sign-in/oauth2': { providerId: provider, callbackURL: page, scopes: hostileJson, disableRedirect: flag },
  'sign-in/anonymous': { name: text },
  'sign-out': { token },
  'request-password-reset': { email, redirectTo: page },
  'reset-password': { newPassword: password, token },
  'reset-password?token=%00': { newPassword: password },
  'send-verification-email': { email, callbackURL: page },
  'change-password': { newPassword: password, currentPassword: password, revokeOtherSessions: flag },
  'update-user': {
    name: text,
    image: text,
    email,
    role: text,
    isAnonymous: flag,
    id: text,
    emailVerified: flag,
  },
  'revoke-session': { token },
  'revoke-sessions': {},
  'revoke-other-sessions': {},
  'set-password': { newPassword: password },
  'link-social': { provider, callbackURL: page },
};

export const toAccounts: Arbitrary<Entry> = fc
  .constantFrom(...Object.entries(ACCOUNTS))
  .chain(([path, fields]) => hostileObject(fields).map((body) => ({ path: `/auth/${path}`, body })));

/** What is read below /auth, with hostile parts in the address. */
export const ofAccounts: Arbitrary<string> = fc
  .tuple(
    fc.constantFrom(
      'get-session',
      'list-sessions',
      'list-accounts',
      'token',
      'jwks',
      'verify-email',
      'reset-password/',
      'callback/',
      'callback/github',
      'oauth2/callback/oidc',
      'error',
      'providers',
      'ok',
      'delete-user/callback',
    ),
    fc.array(
      fc.tuple(
        fc.constantFrom(
          'token',
          'callbackURL',
          'state',
          'code',
          'error',
          'disableCookieCache',
          'currentURL',
          'query',
          'id',
        ),
        hostileText,
      ),
      { maxLength: 3 },
    ),
    hostileText,
  )
  .map(([path, pairs, tail]) => {
    const search = pairs.map(([name, value]) => `${name}=${escaped(value)}`).join('&');
    return `/auth/${path}${path.endsWith('/') ? escaped(tail) : ''}?${search}`;
  });

/** As a part of a URL, of a length that is read. */
const escaped = (value: string) => encodeURIComponent(value.slice(0, 300).toWellFormed());

const part = hostileObject({ type: mostly('"text"', '"image_url"'), text });
const message = hostileObject({
  role: mostly('"user"', '"system"', '"assistant"', '"developer"', '"tool"'),
  content: fc.oneof(
    text,
    fc.array(part, { maxLength: 3 }).map((all) => `[${all.join()}]`),
    hostileJson,
  ),
  name: hostileJson,
  tool_calls: hostileJson,
});
const count = mostly('1', '10', '0', '-1', '1e999', '9007199254740993', '1.5');

const completion = hostileObject({
  model: mostly('"openai/gpt-4o-mini"', '"__proto__"'),
  messages: fc.oneof(
    {
      weight: 6,
      arbitrary: fc.array(message, { minLength: 1, maxLength: 3 }).map((all) => `[${all.join()}]`),
    },
    { weight: 1, arbitrary: hostileJson },
  ),
  stream: mostly('false', 'true'),
  stream_options: hostileJson,
  max_tokens: count,
  max_completion_tokens: count,
  stop: fc.oneof(text, hostileJson),
  n: mostly('1'),
  tools: hostileJson,
  tool_choice: hostileJson,
  response_format: hostileJson,
  modalities: hostileJson,
  logprobs: hostileJson,
  temperature: hostileJson,
  metadata: hostileJson,
});

/** A request for a completion, in OpenAI's form; often one that is answered. */
export const toModels: Arbitrary<Entry> = fc
  .oneof(
    completion,
    fc.tuple(message, completion).map(([one]) => `{"model":"openai/gpt-4o-mini","messages":[${one}]}`),
  )
  .map((body) => ({ path: '/v1/chat/completions', body }));

/** Headers with which a completion belongs to a conversation. */
export const ofConversation: Arbitrary<Record<string, string>> = fc.record(
  {
    'x-taskflow-conversation': fc.oneof(
      fc.constantFrom('CONVERSATION', 'Conversation_x', '__proto__', ''),
      hostileText.map(asHeader),
    ),
    'idempotency-key': fc.oneof(fc.uuid(), hostileText.map(asHeader)),
  },
  { requiredKeys: [] },
);

function asHeader(value: string): string {
  return value.replaceAll(/[^\x20-\x7e\xa0-\xff]/g, '?').slice(0, 500);
}
