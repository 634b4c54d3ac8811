import { z } from 'zod';
import { LONGEST_NAME } from '../inference/inference-record.ts';

/** A value without the blanks and quotes around it, which files for `docker run --env-file` keep. */
export const plainText = z
  .string()
  .transform((value) =>
    value
      .trim()
      .replace(/^(["'])(.*)\1$/s, '$2')
      .trim(),
  )
  .pipe(z.string().min(1, 'must not be empty'));

/** A key as a header can carry it; a `Bearer` before it, which is put there anyway, is taken off. */
export const keyText = plainText
  .transform((value) => value.replace(/^bearer\s+/i, ''))
  .pipe(z.string().regex(/^[\x21-\x7e]+$/, 'must be one word of printable ASCII characters'));

export const modelText = plainText.pipe(
  z
    .string()
    .regex(/^\S+$/, 'must be the id of one model, without blanks')
    .max(LONGEST_NAME, `must not be longer than ${LONGEST_NAME} characters`),
);

/** The URL of a proxy, with or without `http://` before it. Messages do not repeat it: a password may stand in it. */
export const proxyText = plainText
  .transform((value) => (value.includes('://') ? value : `http://${value}`))
  .refine(isProxy, { message: 'must be the URL of a proxy, such as http://proxy.example:3128' });

function isProxy(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, username, password } = new URL(value);
  // A lone % in a password: it has to be written as %25.
  return /^https?:$/.test(protocol) && !/%(?![\da-f]{2})/i.test(username + password);
}

/** What HTTP itself needs, what Node's `fetch` refuses, and what the `openai` client sets to read the answer. */
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

/** What the answer could not be asked for, or not be read, if it were set: the message names the field and no value. */
const RESERVED_FIELDS = new Set(['messages', 'model', 'n', 'stream', 'stream_options']);

/** A JSON object of headers. */
export const headerFields = jsonObject().transform((fields, context) => {
  for (const [name, value] of Object.entries(fields)) {
    const fault = headerFault(name, value);
    if (!fault) continue;
    context.addIssue({ code: 'custom', message: fault });
    return z.NEVER;
  }
  return fields as Record<string, string>;
});

/** A JSON object of fields of a request for an answer. */
export const bodyFields = jsonObject().transform((fields, context) => {
  const reserved = Object.keys(fields).filter((name) => RESERVED_FIELDS.has(name));
  if (reserved.length === 0) return fields;
  context.addIssue({ code: 'custom', message: `must not set ${reserved.join(', ')}` });
  return z.NEVER;
});

function jsonObject() {
  return z.string().transform((text, context): Record<string, unknown> => {
    try {
      const value: unknown = JSON.parse(text.trim().replace(/^'(.*)'$/s, '$1'));
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
    } catch {
      // What V8 says of it quotes the text, which may hold a key.
    }
    context.addIssue({ code: 'custom', message: 'must be a JSON object, such as {"name":"value"}' });
    return z.NEVER;
  });
}

/** What is wrong with a header, without its value, which may be a key. */
function headerFault(name: string, value: unknown): string | null {
  if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) return 'must have names of headers as its keys';
  if (RESERVED_HEADERS.has(name.toLowerCase())) return `must not set ${name}`;
  if (typeof value !== 'string' || !/^[\x20-\x7e]*$/.test(value)) {
    return `must give ${name} a string of printable ASCII characters`;
  }
  return null;
}
