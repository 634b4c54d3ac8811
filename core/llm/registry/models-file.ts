import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { StartError } from '../../domain/start-error.ts';
import { LONGEST_NAME } from '../../inference/inference-record.ts';
import { type Model, TOKENIZERS } from '../models/model.ts';

/** MODELS_FILE or DEFAULT_MODEL cannot be used; `message` is one line that names the file and the place in it. */
export class ModelsFileError extends StartError {
  override readonly name = 'ModelsFileError';

  constructor(message: string, options?: { cause?: unknown }) {
    super(message.replace(/\s+/g, ' ').trim(), options);
  }
}

/**
 * Reads a registry from a JSON file: an array of `{ id, name, vendor, contextWindow, tokenizer?, fallback? }`, at least one,
 * ids unique, every fallback another model of the file. Unknown fields are refused, as they are probably misspelt.
 *
 * @throws {ModelsFileError}
 */
export function readModelsFile(path: string): readonly Model[] {
  const parsed = modelsSchema.safeParse(parseJson(path, readText(path)));
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${placeOf(issue.path)}: ${issue.message}`);
    throw new ModelsFileError(`MODELS_FILE ${path}: ${shortened(faults)}`);
  }
  return parsed.data.map(({ tokenizer, fallback, ...model }) => ({
    ...model,
    ...(tokenizer && { tokenizer }),
    ...(fallback && { fallback }),
  }));
}

const text = z.string().trim().min(1);

const modelSchema = z.strictObject({
  id: text.regex(/^\S+$/, 'an id has no white space').max(LONGEST_NAME),
  name: text,
  vendor: text,
  contextWindow: z.int().positive(),
  tokenizer: z.enum(TOKENIZERS).optional(),
  fallback: text.optional(),
});

const modelsSchema = z.array(modelSchema).min(1, 'at least one model is needed').check(checkReferences);

function checkReferences(context: z.core.ParsePayload<z.infer<typeof modelSchema>[]>): void {
  const models = context.value;
  const firstAt = new Map<string, number>();
  for (const [index, { id }] of models.entries()) {
    const first = firstAt.get(id);
    if (first === undefined) firstAt.set(id, index);
    else report(context, [index, 'id'], `${JSON.stringify(id)} is taken by [${first}] already`);
  }
  for (const [index, { id, fallback }] of models.entries()) {
    if (fallback === undefined) continue;
    if (fallback === id) report(context, [index, 'fallback'], 'a model cannot be its own fallback');
    else if (!firstAt.has(fallback)) {
      report(context, [index, 'fallback'], `${JSON.stringify(fallback)} is not a model of this file`);
    }
  }
}

function report(context: z.core.ParsePayload, path: (string | number)[], message: string): void {
  context.issues.push({ code: 'custom', message, path, input: context.value });
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ModelsFileError(`MODELS_FILE ${path}: cannot be read: ${reason}`, { cause });
  }
}

function parseJson(path: string, json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ModelsFileError(`MODELS_FILE ${path}: is not JSON: ${reason}`, { cause });
  }
}

function placeOf(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'the whole file';
  return path
    .map((key, depth) => (typeof key === 'number' ? `[${key}]` : `${depth ? '.' : ''}${String(key)}`))
    .join('');
}

function shortened(faults: readonly string[]): string {
  const shown = faults.slice(0, 3).join('; ');
  return faults.length > 3 ? `${shown}; and ${faults.length - 3} more` : shown;
}
