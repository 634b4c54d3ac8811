import { errorFacts } from '../errors/error-facts.ts';
import { classifyLlmError, LlmError } from '../errors/errors.ts';
import { type CountedTokens, countedIn } from './counted-tokens.ts';

/** The part of an answer in one chunk of a stream, or in a completion in one piece. */
export interface Piece {
  /** The text as the server sent it: see `Deltas` for servers that send the whole text so far each time. */
  text: string;
  /** Whether the text comes from a `message`: then it may be the whole text so far. */
  isMessage: boolean;
  /** Whether it contains a piece of the model's thoughts. */
  isThinking: boolean;
  finishReason: string | null;
  tokens: CountedTokens | null;
}

type Fields = Record<string, unknown>;

/**
 * Reads a chunk in the forms that servers use: `delta`, `message` or the `text` of the older protocol; content as a text or
 * as parts. Of several choices only the first is read.
 *
 * @throws {LlmError} if the chunk is, or contains, an error object.
 */
export function pieceIn(value: unknown): Piece | null {
  if (!isFields(value)) return null;
  throwErrorIn(value);
  const tokens = countedIn(value);
  const choice = firstChoice(value.choices);
  if (!choice) return { text: '', isMessage: false, isThinking: false, finishReason: null, tokens };
  if (choice.error) throw faultOf(choice.error);
  const message = [choice.delta, choice.message].find(hasContent) ?? {};
  const content = contentOf(message.content);
  const refusal = typeof message.refusal === 'string' ? message.refusal : '';
  const older = typeof choice.text === 'string' ? choice.text : '';
  return {
    text: content.text || refusal || older,
    isMessage: message === choice.message,
    isThinking: content.isThinking || THOUGHTS.some((field) => isSomething(message[field])),
    finishReason: textOrNull(choice.finish_reason),
    tokens: tokens ?? countedIn(choice),
  };
}

/** The fields with a model's thoughts: of OpenRouter, of DeepSeek and vLLM, of Ollama, and of OpenRouter again. */
const THOUGHTS = ['reasoning', 'reasoning_content', 'thinking', 'reasoning_details'] as const;
const CONTENT = ['content', 'refusal', ...THOUGHTS] as const;

function hasContent(message: unknown): message is Fields {
  return isFields(message) && CONTENT.some((field) => isSomething(message[field]));
}

function isSomething(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

function firstChoice(choices: unknown): Fields | null {
  if (!Array.isArray(choices)) return null;
  return choices.filter(isFields).find(({ index }) => Number(index ?? 0) === 0) ?? null;
}

/** Reads content that is a text or a list of parts: Mistral's thinking models send parts with thoughts and with text. */
function contentOf(content: unknown): { text: string; isThinking: boolean } {
  if (typeof content === 'string') return { text: content, isThinking: false };
  const parts = Array.isArray(content) ? content : isFields(content) ? [content] : [];
  const isThought = (part: unknown) => isFields(part) && /think|reason|thought/i.test(String(part.type));
  return {
    text: parts.map((part) => (isThought(part) ? '' : textOf(part))).join(''),
    isThinking: parts.some(isThought),
  };
}

function textOf(part: unknown): string {
  if (typeof part === 'string') return part;
  if (!isFields(part)) return '';
  const text = part.text ?? part.refusal;
  if (isFields(text)) return typeof text.value === 'string' ? text.value : '';
  return typeof text === 'string' ? text : '';
}

/** Throws if the chunk has an error: `{error: …}`, or flat as `{type: 'error'}`, `{object: 'error'}`, `{detail: …}`. */
function throwErrorIn(value: Fields): void {
  if (value.error) throw faultOf(value.error);
  if (Array.isArray(value.choices)) return;
  if (value.type === 'error' || value.object === 'error') throw faultOf(value);
  if (isSomething(value.detail) || isSomething(value.errors)) throw faultOf(value);
  if (typeof value.message === 'string' && value.code !== undefined) throw faultOf(value);
}

function faultOf(error: unknown): LlmError {
  const fault = classifyLlmError(error);
  if (!fault) return new LlmError('SERVICE_UNAVAILABLE', 'the provider says that the request was aborted');
  const saysNothing = fault.code === 'UNKNOWN' && errorFacts(error).message === '';
  return saysNothing ? new LlmError('NO_ANSWER', 'the provider sent an error that says nothing') : fault;
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
