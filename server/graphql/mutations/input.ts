import { z } from 'zod';
import { InvalidInputError } from '../../../core/domain/errors.ts';
import { INPUT_TEXTS } from '../../../core/domain/texts.ts';
import type { Models } from '../../../core/llm/registry/models.ts';

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

/** What a user says to a conversation. */
export const messageText = personText(32_000);

function isAtMost(text: string, max: number): boolean {
  return text.length <= max || (text.length <= 2 * max && [...text].length <= max);
}
