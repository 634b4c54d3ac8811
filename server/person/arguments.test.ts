import { describe, expect, test } from 'vitest';
import { PersonArgumentError, readPersonArguments } from './arguments.ts';

describe('the arguments of npm run person', () => {
  test.each([
    ['--export alice', { action: 'export', person: { owner: 'alice', tenant: 'default' } }],
    ['--erase alice --tenant acme', { action: 'erase', person: { owner: 'alice', tenant: 'acme' } }],
    ['--tenant acme --erase alice', { action: 'erase', person: { owner: 'alice', tenant: 'acme' } }],
  ])('%s is read', (line, read) => {
    expect(readPersonArguments(line.split(' '))).toEqual(read);
  });

  test.each([
    '',
    'alice',
    '--erase',
    '--erase --tenant acme',
    '--tenant acme',
    '--export alice --erase alice',
    '--erase alice --erase bob',
    '--erase alice --tenant',
    '--remove alice',
  ])('"%s" is refused in one line that says how it is used', (line) => {
    const read = () => readPersonArguments(line === '' ? [] : line.split(' '));
    expect(read).toThrow(PersonArgumentError);
    expect(read).toThrow(/^[^\n]*; use npm run person -- --export alice[^\n]*$/);
  });

  test('an empty name is refused', () => {
    expect(() => readPersonArguments(['--erase', ''])).toThrow(PersonArgumentError);
  });
});
