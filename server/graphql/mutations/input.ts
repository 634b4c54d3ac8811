import { z } from 'zod';
import { InvalidInputError } from '../../../core/domain/errors.ts';
import { INPUT_TEXTS } from '../../../core/domain/texts.ts';
import type { Models } from '../../../core/llm/registry/models.ts';
import { MAX_READING_WPM, MIN_READING_WPM } from '../../../core/speech/reading-time.ts';

/** The longest instructions of a conversation, in characters (Unicode code points). */
const MAX_INSTRUCTIONS = 8_000;

/** @throws {InvalidInputError} with every fault, each at its path in the input */
export function validated<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new InvalidInputError(
    parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message })),
  );
}

/**
 * The id of the model that an input names, once it is known to be available.
 *
 * @throws {InvalidInputError} when this server does not have the model, or has no key for it
 */
export async function availableModel(models: Models, id: string): Promise<string> {
  await models.seek(id);
  const { unavailability } = models.resolve(id);
  if (!unavailability) return id;
  const shown = id.length > 100 ? `${id.slice(0, 100)}…` : id;
  const text = unavailability === 'RETIRED' ? INPUT_TEXTS.unknownModel : INPUT_TEXTS.modelWithoutKey;
  throw new InvalidInputError([{ path: 'model', message: text(shown) }]);
}

/**
 * A text that a person wrote: trimmed, 1 to `max` characters (Unicode code points). Lone surrogates, which no
 * encoding can carry, become U+FFFD; NUL, which PostgreSQL cannot store, is refused.
 */
export function personText(max: number) {
  return z
    .string()
    .transform((text) => text.toWellFormed().trim())
    .refine((text) => text !== '', { message: INPUT_TEXTS.empty, abort: true })
    .refine((text) => !text.includes('\0'), { message: INPUT_TEXTS.nul })
    .refine((text) => isAtMost(text, max), { message: INPUT_TEXTS.tooLong(max) });
}

const outside = { message: INPUT_TEXTS.outside(MIN_READING_WPM, MAX_READING_WPM) };

/** Words a minute at READING pace. */
export const readingSpeed = z.number().min(MIN_READING_WPM, outside).max(MAX_READING_WPM, outside);

/** How the model shall answer in a conversation. */
export const instructions = personText(MAX_INSTRUCTIONS);

/** What a user says to a conversation. */
export const messageText = personText(32_000);
const Content = z.object({ text: messageText });

/** The descriptions of the fields of an input that has a message of the user. */
export const MESSAGE_DESCRIPTIONS = {
  text: '1 to 32,000 characters (Unicode code points); not only white space. Stored trimmed.',
  clientMessageId:
    'Makes a retry safe: the same id and text return the message already stored and start nothing; another text is an InvalidInputError.',
};

/** What the user says, as it is stored. @throws {InvalidInputError} at `text` */
export function messageFrom({ text, clientMessageId }: GivenMessage): {
  text: string;
  clientMessageId: string | undefined;
} {
  return { ...validated(Content, { text }), clientMessageId: clientMessageId?.toLowerCase() };
}

interface GivenMessage {
  text: string;
  clientMessageId?: string | null | undefined;
}

function isAtMost(text: string, max: number): boolean {
  return text.length <= max || (text.length <= 2 * max && [...text].length <= max);
}
