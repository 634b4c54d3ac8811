import { expect, test } from 'vitest';
import { readAccountsArguments } from './set-role.ts';

test.each([
  [['--role', 'OPERATOR', 'Alice@example.com'], { role: 'OPERATOR', email: 'alice@example.com' }],
  [['alice@example.com', '--role', 'user'], { role: 'USER', email: 'alice@example.com' }],
])('%j is read', (args, wanted) => {
  expect(readAccountsArguments(args)).toEqual(wanted);
});

test.each([
  [[], 'use npm run accounts'],
  [['alice@example.com'], 'use npm run accounts'],
  [['--role', 'ADMIN'], 'use npm run accounts'],
  [['--role', 'ADMIN', '--force'], 'use npm run accounts'],
  [['--role', 'ADMIN', 'a@example.com', 'b@example.com'], 'use npm run accounts'],
  [['--role', 'SERVICE', 'a@example.com'], '--role must be one of USER, ADMIN, OPERATOR'],
  [['a@example.com', '--role'], '--role must be one of'],
])('%j is refused in one line', (args, why) => {
  expect(() => readAccountsArguments(args)).toThrow(new RegExp(`^${why}[^\\n]*$`));
});
