import { describe, expect, test } from 'vitest';
import { ConfigError, loadConfig } from './config.ts';
import { OWNER_LIMITS } from './settings/limits.ts';
import { ROWS, SETTINGS } from './settings.ts';

/** Bad values: every variable with a check refuses at least one of them. A path accepts the second one. */
const BAD = [' \t', 'hunter2\u0000 \u0001'];

/** The message of the ConfigError, or null if the value is accepted. */
function faultOf(env: Record<string, string>): string | null {
  try {
    loadConfig(env);
    return null;
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}

/** All names of all variables. */
const SPELLINGS = ROWS.flatMap(({ variable, alias }) => (alias ? [variable, alias] : [variable]));

test('no two settings read the same variable', () => {
  expect(new Set(SPELLINGS).size).toBe(SPELLINGS.length);
});

test('an empty environment is valid, and every setting is its default or undefined', () => {
  const { proxy, ...config } = loadConfig({});
  const read = { ...config, httpProxy: proxy.http, httpsProxy: proxy.https, noProxy: proxy.none };
  const defaults = ROWS.map((row) => [row.name, row.default]);
  // Without any way to show who calls there is one user, on this machine, and there are no others to protect from them.
  const ofOneUser = { authMode: 'none', graphiql: true, introspection: true };
  const none = Object.fromEntries(OWNER_LIMITS.map((name) => [name, 0]));
  expect(read).toEqual({ ...SETTINGS.parse(Object.fromEntries(defaults)), ...none, ...ofOneUser });
});

test('the limits of one owner hold where there are others, and in single-user mode if they are set', () => {
  const several = { AUTH_JWT_SECRET: 'a secret of at least thirty-two bytes' };
  expect(loadConfig(several).messagesPerOwner).toBe(120);
  expect(loadConfig({ MESSAGES_PER_OWNER: '7' })).toMatchObject({
    messagesPerOwner: 7,
    mutationsPerOwner: 0,
  });
});

describe.each(ROWS)('$variable', ({ variable, name, read, ...about }) => {
  test('accepts its own default and the example of the pages', () => {
    for (const shown of [about.default, about.example])
      if (shown !== undefined)
        expect([shown, read.safeParse(shown)]).toMatchObject([shown, { success: true }]);
  });

  test('is read as its default if it is empty', () => {
    expect(loadConfig({ [variable]: '' })).toEqual(loadConfig({}));
  });

  test('states what it decides, which values it accepts, and what applies when it is unset', () => {
    expect(about.decides).toMatch(/^[`A-Z].*\.$/);
    expect(about.values).toMatch(/\S/);
    expect(about.unset || about.default).toMatch(/\S/);
  });
});

describe.each(SPELLINGS)('a bad value of %s', (variable) => {
  test.each(BAD)(
    '(%j) is refused in one line that names the variable and does not repeat the value',
    (value) => {
      const fault = faultOf({ [variable]: value });
      if (fault === null) return;
      expect(fault).toMatch(new RegExp(`^${variable} must [^\\n;]+$`));
      expect(fault).not.toContain('hunter2');
    },
  );
});

test('every variable refuses bad values, except the one that other programs read in their own forms', () => {
  const unchecked = SPELLINGS.filter((variable) =>
    BAD.every((value) => faultOf({ [variable]: value }) === null),
  );
  expect(unchecked).toEqual(['NO_PROXY', 'no_proxy']);
});

test('all wrong variables are named in one line', () => {
  const fault = faultOf(Object.fromEntries(ROWS.map(({ variable }) => [variable, ' '])));
  expect(fault).not.toContain('\n');
  const named = fault?.split('; ').map((one) => one.split(' ')[0]);
  expect(named).toEqual(ROWS.map(({ variable }) => variable).filter((variable) => variable !== 'NO_PROXY'));
});
