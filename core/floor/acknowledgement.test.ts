import { readFileSync } from 'node:fs';
import { assert, constantFrom, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leastCpuMs } from '../../test/support/cpu-time.ts';
import { isAcknowledgement } from './acknowledgement.ts';
import { labelledLines } from './labelled-lines.ts';
import { LEXICONS } from './lexicon/index.ts';

const lines = labelledLines(readFileSync(new URL('acknowledgements.dev.tsv', import.meta.url), 'utf8'));
const acknowledgements = lines.filter(({ label }) => label === 'ack').map(({ text }) => text);
const wishes = lines.filter(({ label }) => label === 'speak').map(({ text }) => text);
/** Others, as "and then", lead to the acknowledgement after them. */
const finished = wishes.filter((text) => !/(?:dann|aber|then|aur|然后)$/.test(text));
const wordsOf = (list: string) =>
  list
    .split(/[,\n]/)
    .map((word) => word.trim())
    .filter((word) => word !== '');
/** Ends in a letter of a script whose words have blanks between them. */
const LETTERS = /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Arabic}]$/u;
const drawnOut = (text: string) => text + (text.at(-1) ?? '').repeat(4);
const ignored = (texts: readonly string[]) => texts.filter(isAcknowledgement);
const heard = (texts: readonly string[]) => texts.filter((text) => !isAcknowledgement(text));

describe('an acknowledgement', () => {
  it.each(['?', ' ?', '？', '؟', '⁇', '❓', '?!', '⁉️'])('with %j is a question', (mark) =>
    expect(ignored(acknowledgements.map((text) => text + mark))).toEqual([]),
  );

  it.each(['.', '!', '!!!', '…', '...', '。', '！', ' ', '\n', ','])('stays one with %j after it', (mark) =>
    expect(heard(acknowledgements.map((text) => text + mark))).toEqual([]),
  );

  it('stays one in capital and in small letters', () => {
    expect(heard(acknowledgements.map((text) => text.toUpperCase()))).toEqual([]);
    expect(heard(acknowledgements.map((text) => text.toLowerCase()))).toEqual([]);
  });

  it('stays one in full-width forms and without accents', () => {
    const wide = (text: string) =>
      text.replace(/[!-~]/g, (character) => String.fromCharCode(character.charCodeAt(0) + 0xfee0));
    const plain = (text: string) => text.normalize('NFD').replace(/[\u0300-\u036F]/g, '');
    expect(heard(acknowledgements.map(wide))).toEqual([]);
    expect(heard(acknowledgements.map(plain))).toEqual([]);
  });

  it('stays one when its last letter is drawn out', () => {
    const drawn = acknowledgements.filter((text) => LETTERS.test(text)).map(drawnOut);
    expect(drawn.length).toBeGreaterThan(150);
    expect(heard(drawn)).toEqual([]);
  });

  it('stays one beside another one', () =>
    assert(
      property(constantFrom(...acknowledgements), constantFrom(...acknowledgements), (one, other) =>
        isAcknowledgement(`${one}, ${other}`),
      ),
    ));

  it.each([
    '👍',
    '👍🏿',
    '❤️',
    '❤',
    '👌🏽👌🏽',
    '😂😂😂',
    '🙏🏻 thanks',
    '🙆‍♀️',
    ':)',
    '^^',
    '<3',
    '+1',
    '(y)',
  ])('can be %j', (text) => expect(isAcknowledgement(text)).toBe(true));

  it.each([
    'thnaks',
    'contineu',
    'undrstood',
    'perefct',
    'awseome',
    'exaclty',
    'dnake',
    'vrestanden',
    'gracais',
    'obirgado',
    'спаисбо',
    'понтяно',
  ])('can have a typo: %j', (text) => expect(isAcknowledgement(text)).toBe(true));
});

describe('a wish to speak', () => {
  it('stays one beside acknowledgements', () => {
    // Not "yes" and "thanks": はい、お願いします is "yes please", and "danke nochmal" is "thanks again".
    for (const one of ['ok', 'genau', 'haan ji', 'なるほど', '好的', 'تمام', 'понятно']) {
      expect(ignored(wishes.map((text) => `${one}, ${text}`))).toEqual([]);
      expect(ignored(finished.map((text) => `${text}, ${one}`))).toEqual([]);
    }
  });

  it.each(['god', 'tanks', 'prefect', 'Genua', 'genauer', 'lista', 'точка', 'trial', 'quiet', 'quite'])(
    'is %j, which is no typo',
    (text) => expect(isAcknowledgement(text)).toBe(false),
  );

  it.each([
    'no, problem',
    'うーん',
    'ううん',
    'いいえー',
    'hä',
    '',
    ' ',
    '...',
    '!',
    '🍕',
    '🤔',
    '👎',
    '✋',
    '🛑',
    '🇫🇷',
    ':(',
    'ok :(',
    ':/',
    'ok(((',
    'yes/no',
    'ok + 1',
    '{ok}',
    '<b>ok</b>',
    '100',
    '4.',
    'ok 2',
  ])('is %j', (text) => expect(isAcknowledgement(text)).toBe(false));

  it.each(['so', 'and', 'ok so', 'ok and', 'well', 'please', 'bro', 'thanks but', 'ok para', 'und'])(
    'is %j, which is unfinished',
    (text) => expect(isAcknowledgement(text)).toBe(false),
  );
});

describe.each(Object.entries(LEXICONS))('in the language %s', (language, lexicon) => {
  const own = lines.filter((line) => line.language === language && line.label === 'ack');
  const negations = wordsOf(lexicon.negations);
  // Without blanks, 嗯 and 好了 ("enough") are the beginning of other words.
  const gap = language === 'zh' || language === 'ja' ? '、' : ' ';

  it('a negation interrupts, alone and beside any acknowledgement', () => {
    expect(ignored(negations)).toEqual([]);
    for (const { text } of own)
      expect(ignored(negations.flatMap((word) => [text + gap + word, `${word}, ${text}`]))).toEqual([]);
  });

  it('a negation that is drawn out interrupts', () =>
    expect(ignored(negations.filter((word) => LETTERS.test(word)).map(drawnOut))).toEqual([]));

  it('a word that begins a question interrupts after an acknowledgement', () => {
    const words = wordsOf(lexicon.questions);
    expect(ignored(words.map((word) => `${own[0]?.text} ${word}`))).toEqual([]);
  });
});

it('no text makes it throw', () =>
  assert(property(string({ unit: 'binary' }), (text) => typeof isAcknowledgement(text) === 'boolean')));

it('the time is linear in the length', () => {
  const ms = leastCpuMs(() => {
    for (const piece of [
      'ok ',
      'o',
      'ha',
      'haus',
      'thanks for the ',
      '好',
      '👍',
      'は',
      'あ',
      '\u0301',
      'k',
      ' ',
      '?',
    ])
      for (const length of [100, 120, 1_000_000]) isAcknowledgement(piece.repeat(length / piece.length));
  }, 2_000);
  expect(ms).toBeLessThan(2_000);
});
