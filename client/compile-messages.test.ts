import { setupI18n } from '@lingui/core';
import { expect, it } from 'vitest';
import { compileMessages } from './compile-messages.ts';

const { filter, handler } = compileMessages.transform as unknown as {
  filter: { id: RegExp };
  handler(code: string): { code: string };
};

it('a compiled text needs no parser', () => {
  const texts = { one: 'It’s {name}', days: '{count, plural, one {# day} other {# days}}' };
  const messages = JSON.parse(handler(JSON.stringify(texts)).code);
  const i18n = setupI18n({ locale: 'en', messages: { en: messages } });
  i18n.setMessagesCompiler(() => expect.unreachable('a parser was needed'));
  expect(i18n._('one', { name: 'Ann' })).toBe('It’s Ann');
  expect(i18n._('days', { count: 2 })).toBe('2 days');
});

it('only catalogues are compiled', () => {
  expect('/any/client/src/language/messages/ar.json').toMatch(filter.id);
  expect('/any/client/src/gql/persisted-documents.json').not.toMatch(filter.id);
});
