import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULT_TENANT, type Owner, ownerFromKey, ownerKey } from './owner.ts';

const ann: Owner = { owner: 'ann', tenant: DEFAULT_TENANT };

test('the key of an owner in the default tenant is its id, in another tenant both', () => {
  expect(ownerKey(ann)).toBe('ann');
  expect(ownerKey({ ...ann, tenant: 'acme' })).toBe('acme/ann');
});

test.each([
  ['an id with a slash', { owner: 'a/b', tenant: DEFAULT_TENANT }, { owner: 'b', tenant: 'a' }],
  ['a tenant with a slash', { owner: 'c', tenant: 'a/b' }, { owner: 'b/c', tenant: 'a' }],
  [
    'an id that looks encoded',
    { owner: 'a%2Fb', tenant: DEFAULT_TENANT },
    { owner: 'a/b', tenant: DEFAULT_TENANT },
  ],
  ['the same id in two tenants', ann, { ...ann, tenant: 'acme' }],
  ['an id and a tenant, exchanged', { owner: 'a', tenant: 'b' }, { owner: 'b', tenant: 'a' }],
])('two owners have two keys: %s', (_, one, other) => {
  expect(ownerKey(one)).not.toBe(ownerKey(other));
});

test.each(['a:b', '{a}', '}{', 'a/b', '/', '%', '%2F', '100 %', 'ünïcödé', '王', '👋', 'auth0|1', ' ', ''])(
  'an owner is read from its key, whatever its id or tenant: %j',
  (word) => {
    for (const one of [
      ann,
      { ...ann, owner: word },
      { ...ann, tenant: word },
      { owner: word, tenant: word },
    ]) {
      expect(ownerKey(one)).not.toMatch(/[:{}]/);
      expect(ownerFromKey(ownerKey(one))).toEqual(one);
    }
  },
);

test('an owner is read from its key, for any id and tenant', () => {
  const words = fc.string({ unit: 'grapheme' });
  const owners = fc.record({ owner: words, tenant: fc.oneof(fc.constant(DEFAULT_TENANT), words) });
  fc.assert(
    fc.property(owners, (one) => {
      expect(ownerFromKey(ownerKey(one))).toEqual(one);
    }),
  );
});
