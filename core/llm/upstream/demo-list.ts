import { type DemoTopic, filled } from './demo-topic.ts';
import type { SeededRandom } from './seeded-random.ts';

/** A list of as many items as were asked for, up to twelve. */
export function listReply(text: string, topic: DemoTopic, random: SeededRandom): string {
  const wanted = countIn(text) ?? 5;
  const items = random.shuffled(/\bnames?\b/i.test(text) ? NAMES : IDEAS).slice(0, Math.max(1, wanted));
  const titled = { ...topic, topic: titleCase(topic.topic) };
  const lines = items.map(
    (item, index) => `${index + 1}. ${filled(item, item.startsWith('*') ? topic : titled)}`,
  );
  const opening = filled(random.pick(OPENINGS), topic);
  const short =
    wanted > items.length
      ? `\n\nThat's ${items.length} rather than ${wanted}: I'd sooner stop than repeat myself.`
      : '';
  return `${opening}\n\n${lines.join('\n')}${short}\n\n${filled(random.pick(QUESTIONS), topic)}`;
}

/** Counts aloud, up to a hundred: something long to interrupt. */
export function countReply(text: string): string {
  const asked = Number(/to (\d+)/i.exec(text)?.[1] ?? 10);
  const last = Math.min(Math.max(asked, 1), 100);
  const numbers = Array.from({ length: last }, (_, index) => index + 1).join(', ');
  return `Here we go:\n\n${numbers}.\n\n${last < asked ? 'A hundred is where I stop.' : 'There.'} Did you try to interrupt me?`;
}

const WORDS = [
  'zero',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
];

function countIn(text: string): number | undefined {
  const digits = /\b(\d{1,3})\b/.exec(text)?.[1];
  if (digits) return Number(digits);
  const spelt = WORDS.findIndex((word) => new RegExp(`\\b${word}\\b`, 'i').test(text));
  return spelt > 0 ? spelt : undefined;
}

const OPENINGS = [
  'Here are some starting points for **{subject}**:',
  '## {Topic}\n\nOff the top of my head:',
  'Happy to. On **{subject}**, in no particular order:',
] as const;

const QUESTIONS = [
  'Which of these is closest to what you need? I can take that one further.',
  "If I had to pick one for {subject}, it would be the first: it's the quickest to try.",
  'Strike out the ones that bore you, and tell me what is left.',
] as const;

const IDEAS = [
  '**The obvious one, done well.** Most people skip it; that alone makes {subject} stand out.',
  '**The smallest version.** What would {subject} look like if it had to be ready in an hour?',
  '**The opposite.** Turn {subject} on its head, and keep the one part that still makes sense.',
  '**Ask someone who dislikes it.** They have thought about {subject} more than its fans have.',
  '**Borrow from elsewhere.** How would a cook, a pilot or a librarian go about {subject}?',
  "**Make it visible.** A drawing of {subject} on one page, with nothing that doesn't earn its place.",
  '**Set a limit.** Half the time, or half the money: what stays?',
  '**Begin at the end.** Describe the moment when {subject} has gone well, then walk backwards.',
  '**Do it together.** Find one person to share {subject} with, and agree on a date.',
  '**Keep a log.** Ten lines a day about {subject}; after two weeks a pattern shows.',
  '**Look for the boring part.** In {subject}, that is usually what decides.',
  "**Leave something out.** Name one thing that {subject} won't be, and say it aloud.",
] as const;

function titleCase(phrase: string): string {
  return phrase.replace(/(?<![\p{L}\p{M}'’])\p{L}/gu, (letter) => letter.toUpperCase());
}

const NAMES = [
  'The Quiet {topic}',
  '{topic} & Daughters',
  'Half Past {topic}',
  'The Blue Door {topic}',
  '{topic} No. 9',
  'Slow {topic}',
  'Under the Linden {topic}',
  'The Second {topic}',
  '{topic} Unplugged',
  'Tuesday {topic}',
  'The Honest {topic}',
  'Little {topic}, Big Plans',
] as const;
