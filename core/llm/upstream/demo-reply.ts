import { ANSWERS, CLOSINGS, SHORT_CLOSINGS } from './demo-answers.ts';
import { codeReply, reviewReply } from './demo-code-reply.ts';
import { compareReply } from './demo-compare.ts';
import { intentOf } from './demo-intent.ts';
import { languageOf, replyIn } from './demo-language.ts';
import { countReply, listReply } from './demo-list.ts';
import { mathReply } from './demo-math.ts';
import { summaryReply } from './demo-summary.ts';
import { type DemoTopic, filled, topicOf } from './demo-topic.ts';
import { translationReply } from './demo-translate.ts';
import type { SeededRandom } from './seeded-random.ts';

/** Improvises a reply to one message of a user, in Markdown, with one honest line at its end. */
export function composeReply(text: string, random: SeededRandom): string {
  const translated = translationReply(text.slice(0, OPENING));
  if (translated) return closed(translated, random.pick(SHORT_CLOSINGS));
  const language = languageOf(text.slice(0, OPENING));
  if (language) return replyIn(language, text, random);
  const sum = mathReply(text);
  if (sum) return closed(sum, random.pick(SHORT_CLOSINGS));
  return englishReply(text, random);
}

/** Of a long message, what it wants is told by its first so many characters. */
const OPENING = 1_000;

function englishReply(text: string, random: SeededRandom): string {
  const opening = text.slice(0, OPENING);
  const intent = intentOf(opening);
  const topic = topicOf(intent === 'letter' ? opening.replace(/^.*?\babout\b/is, 'about') : text);
  const made = madeReply(intent, text, topic, random);
  const body = made ?? filled(random.pick(ANSWERS[intent] ?? ANSWERS.statement), topic);
  const brief = BRIEF.has(intent);
  return closed(body, random.pick(brief ? SHORT_CLOSINGS : CLOSINGS));
}

const BRIEF = new Set(['greeting', 'thanks', 'goodbye', 'ack', 'identity', 'test', 'joke', 'count', 'clock']);

function madeReply(intent: string, text: string, topic: DemoTopic, random: SeededRandom): string | null {
  switch (intent) {
    case 'review':
      return reviewReply(text, random);
    case 'code':
      return codeReply(text, topic, random);
    case 'compare':
      return compareReply(text.slice(0, OPENING), random);
    case 'list':
      return listReply(text.slice(0, OPENING), topic, random);
    case 'count':
      return countReply(text);
    case 'summary':
      return summaryReply(text);
    default:
      return null;
  }
}

function closed(body: string, closing: string): string {
  return `${body}\n\n${closing}`;
}
