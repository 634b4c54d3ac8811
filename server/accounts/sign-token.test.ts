import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../core/config/config.ts';
import { JsonWebTokens } from './json-web-tokens.ts';
import { readTokenArguments, signToken } from './sign-token.ts';

const ENV = {
  AUTH_JWT_SECRET: 'a secret of thirty-two bytes, or so',
  AUTH_JWT_ISSUER: 'https://id.example',
  AUTH_JWT_AUDIENCE: 'taskflow',
  AUTH_TENANT_CLAIM: 'org_id',
  AUTH_ROLE_MAP: 'tf-admins:ADMIN',
};

describe('a token that is printed for a try', () => {
  test('is accepted by the server with the same settings, and says what it was asked to say', async () => {
    const config = loadConfig(ENV);
    const given = [
      '--sub',
      'alice',
      '--role',
      'admin',
      '--tenant',
      'acme',
      '--name',
      'Alice',
      '--ttl',
      '30m',
    ];
    const caller = await new JsonWebTokens(config).verify(await signToken(readTokenArguments(given), config));
    expect(caller).toMatchObject({ owner: 'alice', tenant: 'acme', role: 'ADMIN', name: 'Alice' });
    expect(Math.round(((caller.expiresAt ?? 0) - Date.now()) / 60_000)).toBe(30);
  });

  test.each([
    [[], /--sub is missing/],
    [['--sub'], /cannot read --sub/],
    [['--sub', 'a', '--sub', 'b'], /cannot read --sub/],
    [['alice'], /cannot read alice/],
    [['--sub', 'a', '--role', 'ROOT'], /--role must be one of/],
    [['--sub', 'a', '--ttl', '1'], /--ttl must be a time/],
    [['--sub', 'a', '--ttl', '0h'], /--ttl must be a time/],
  ])('is not made from %j', (given, message) => {
    expect(() => readTokenArguments(given)).toThrow(message);
  });

  test('needs the secret, and the claim of the tenant that it names', async () => {
    const args = readTokenArguments(['--sub', 'alice', '--tenant', 'acme']);
    await expect(signToken(args, loadConfig({}))).rejects.toThrow(/AUTH_JWT_SECRET must be set/);
    const { AUTH_TENANT_CLAIM: _claim, ...without } = ENV;
    await expect(signToken(args, loadConfig(without))).rejects.toThrow(/AUTH_TENANT_CLAIM must be set/);
  });
});
