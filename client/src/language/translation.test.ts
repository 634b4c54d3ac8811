import { describe, expect, it } from 'vitest';
import { relativeTime } from '../conversations/relative-time.ts';
import { messageTime } from '../thread/message-time.ts';
import { duration } from './duration.ts';
import { LANGUAGES } from './languages.ts';
import { phrase } from './phrase.ts';
import { ENGLISH, translationOf } from './translation.ts';

const arabic = translationOf({ code: 'ar', locale: 'ar' }, await LANGUAGES.ar.load());
const egyptian = translationOf({ code: 'ar', locale: 'ar-EG' }, await LANGUAGES.ar.load());
const german = translationOf({ code: 'en', locale: 'en-DE' }, await LANGUAGES.en.load());

describe('plurals', () => {
  it.each([
    [0, '0 messages'],
    [1, '1 message'],
    [2, '2 messages'],
    [1_234, '1,234 messages'],
  ])('in English: %i', (count, text) => {
    expect(ENGLISH.t('sidebar.messages', { count })).toBe(text);
  });

  it.each([
    [0, 'لا رسائل'],
    [1, 'رسالة واحدة'],
    [2, 'رسالتان'],
    [3, '3 رسائل'],
    [10, '10 رسائل'],
    [11, '11 رسالة'],
    [100, '100 رسالة'],
    [103, '103 رسائل'],
  ])('in Arabic: %i', (count, text) => {
    expect(arabic.t('sidebar.messages', { count })).toBe(text);
  });
});

describe('formats', () => {
  const noon = new Date(2026, 5, 15, 14, 5);

  it('have the digits, the clock and the order of the locale', () => {
    expect(egyptian.t('sidebar.messages', { count: 1_234 })).toBe('١٬٢٣٤ رسالة');
    expect(egyptian.number(0.5, { style: 'percent' })).toContain('٥٠');
    expect(messageTime(noon, noon, ENGLISH)).toMatch(/^02:05\sPM$/);
    expect(messageTime(noon, noon, german)).toBe('14:05');
    expect(messageTime(noon, noon, egyptian)).toMatch(/^٠٢:٠٥\sم$/);
    expect(messageTime(noon, new Date(2027, 1, 1), german)).toMatch(/^15 Jun 2026, 14:05$/);
  });

  it('say how long ago something was in the words of the language', () => {
    const ago = (minutes: number, locale: string) =>
      relativeTime(new Date(noon.getTime() - minutes * 60_000), noon, locale);
    expect(ago(0, 'ar')).toBe('الآن');
    expect(ago(2, 'ar')).toBe('قبل دقيقتين');
    expect(ago(5, 'ar-EG')).toBe('قبل ٥ دقائق');
  });

  it('of durations are as fine as they need', () => {
    expect([12.4, 999, 1_234, 45_678].map((ms) => duration(ms, ENGLISH))).toEqual([
      '12ms',
      '999ms',
      '1.2s',
      '46s',
    ]);
    expect(duration(2_000, arabic)).toContain('ث');
  });

  it('of times inside a text are of the locale', () => {
    const resetsAt = noon.toISOString();
    expect(ENGLISH.t('problems.overBudget', { resetsAt })).toMatch(/from 2:05\sPM on\.$/);
    expect(german.t('problems.overBudget', { resetsAt })).toContain('from 14:05 on');
  });

  it('sort as the language does', () => {
    expect(['ب', 'أ', 'b', 'a'].toSorted(arabic.compare)).toEqual(['أ', 'ب', 'a', 'b']);
    expect(['b', 'a', 'B', 'A'].toSorted(ENGLISH.compare)).toEqual(['a', 'A', 'b', 'B']);
  });
});

describe('a value that the user has written', () => {
  it('keeps its direction inside a text of another one', () => {
    expect(arabic.t('sidebar.deleteOf', { title: 'Why?' })).toBe('حذف «\u2068Why?\u2069»');
    expect(ENGLISH.t('sidebar.deleteOf', { title: 'لماذا؟' })).toBe('Delete “\u2068لماذا؟\u2069”');
    expect(ENGLISH.t('sidebar.deleteOf', { title: 'Why?' })).toBe('Delete “Why?”');
  });

  it.each(['\\u0041', '\\x41', 'C:\\users', '{title}', '#', "it's", '\\\\u0041'])(
    'is shown as it is: %s',
    (title) => {
      expect(ENGLISH.t('sidebar.deleteOf', { title })).toBe(`Delete “${title}”`);
    },
  );
});

it('what is named first is worded in the language of the moment', () => {
  const waiting = phrase('connection.messagesWait', { count: 2 });
  expect(ENGLISH.say(waiting)).toBe('2 messages wait.');
  expect(arabic.say(waiting)).toBe('رسالتان تنتظران.');
  expect(ENGLISH.say([phrase('thread.notSent'), waiting])).toBe('Not sent. 2 messages wait.');
});
