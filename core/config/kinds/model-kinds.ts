import { z } from 'zod';
import { LONGEST_NAME } from '../../inference/inference-record.ts';
import { url } from './kinds.ts';

/** Text without the spaces and quotes around it, which `docker run --env-file` does not remove. */
const plainText = z
  .string()
  .transform((value) =>
    value
      .trim()
      .replace(/^(["'])(.*)\1$/s, '$2')
      .trim(),
  )
  .pipe(z.string().min(1, 'must not be empty'));

/** A key that fits into a header. A leading `Bearer` is removed, as every request adds it. */
export const apiKey = plainText
  .transform((value) => value.replace(/^bearer\s+/i, ''))
  .pipe(z.string().regex(/^[\x21-\x7e]+$/, 'must be one word of printable ASCII characters'))
  .describe('printable ASCII without spaces');

export const modelId = plainText
  .pipe(
    z
      .string()
      .regex(/^\S+$/, 'must be the id of one model, without spaces')
      .max(LONGEST_NAME, `must not be longer than ${LONGEST_NAME} characters`),
  )
  .describe('id of a model');

const http = url('http:', 'https:');
export const modelServerUrl = plainText.pipe(http).describe(http.description ?? '');

/** The URL of a proxy, with or without `http://`. Messages do not repeat it: it may contain a password. */
export const proxyUrl = plainText
  .transform((value) => (value.includes('://') ? value : `http://${value}`))
  .refine(isProxy, { message: 'must be the URL of a proxy, such as http://proxy.example:3128' })
  .describe('URL, `http://` or `https://`');

/** Accepted unchanged: other programs read the variable too, and some have their own forms. */
export const unproxiedHosts = z.string().describe('host names, separated by commas');

function isProxy(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, username, password } = new URL(value);
  // A lone % in a password must be written as %25.
  return /^https?:$/.test(protocol) && !/%(?![\da-f]{2})/i.test(username + password);
}

/** Headers that HTTP itself needs, that Node's `fetch` refuses, or that the `openai` client sets to read the answer. */
const RESERVED_HEADERS = new Set([
  'connection',
  'content-length',
  'content-type',
  'expect',
  'host',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
]);

/** Fields that are needed to request and read an answer. */
const RESERVED_FIELDS = new Set(['messages', 'model', 'n', 'stream', 'stream_options']);

/** A JSON object of headers. */
export const headerFields = jsonObject()
  .transform((fields, context): Readonly<Record<string, string>> => {
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(fields)) {
      const fault = headerFault(name, value);
      if (fault) {
        context.addIssue({ code: 'custom', message: fault });
        return z.NEVER;
      }
      headers[name] = `${value}`;
    }
    return headers;
  })
  .describe('JSON object of strings');

/** A JSON object of fields of a request for an answer. */
export const bodyFields = jsonObject()
  .transform((fields, context): Readonly<Record<string, unknown>> => {
    const reserved = Object.keys(fields).filter((name) => RESERVED_FIELDS.has(name));
    if (reserved.length === 0) return fields;
    context.addIssue({ code: 'custom', message: `must not set ${reserved.join(', ')}` });
    return z.NEVER;
  })
  .describe('JSON object');

function jsonObject() {
  return z.string().transform((text, context): Record<string, unknown> => {
    try {
      const value: unknown = JSON.parse(text.trim().replace(/^'(.*)'$/s, '$1'));
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
    } catch {
      // V8's message quotes the text, which may contain a key.
    }
    context.addIssue({ code: 'custom', message: 'must be a JSON object, such as {"name":"value"}' });
    return z.NEVER;
  });
}

/** Explains what is wrong with a header, without its value, which may be a key. */
function headerFault(name: string, value: unknown): string | null {
  if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) return 'must have names of headers as its keys';
  if (RESERVED_HEADERS.has(name.toLowerCase())) return `must not set ${name}`;
  if (typeof value !== 'string' || !/^[\x20-\x7e]*$/.test(value)) {
    return `must give ${name} a string of printable ASCII characters`;
  }
  return null;
}
