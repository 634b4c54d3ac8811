import { compileMessage } from '@lingui/message-utils/compileMessage';

/** A part of a compiled text: words, or a value with how it is put in (`number`, `plural`, `time`, ...). */
type Part = string | [name: string, kind?: string, options?: unknown];

/** The TypeScript types of a text's values, by their names. `text`: ICU MessageFormat; throws if it is none. */
export function valuesIn(text: string): ReadonlyMap<string, string> {
  return new Map([compileMessage(text)].flat().flatMap((part) => valuesOf(part as Part)));
}

/** The TypeScript of an interface with the values that each text needs; null: none. */
export function textValues(messages: Readonly<Record<string, string>>): string {
  const lines = Object.entries(messages).map(([name, text]) => {
    const values = [...valuesIn(text)].map(([value, type]) => `${value}: ${type}`);
    const type = values.length === 0 ? 'null' : `{ ${values.join('; ')} }`;
    return `  ${/^[a-z]\w*$/i.test(name) ? name : `'${name}'`}: ${type};`;
  });
  return `/** The values that each text needs. Generated from messages/en.json by npm run generate. */
export interface TextValues {
${lines.join('\n')}
}
`;
}

function valuesOf(part: Part): [name: string, type: string][] {
  // Words, or the offset of a plural.
  if (!Array.isArray(part)) return [];
  const [name, kind, options] = part;
  const inside = typeof options === 'object' ? Object.values(options ?? {}).flat() : [];
  return [[name, typeOf(kind)], ...inside.flatMap((one) => valuesOf(one as Part))];
}

function typeOf(kind: string | undefined): string {
  if (kind === undefined || kind === 'select') return 'string';
  // Of a time: RFC 3339.
  return kind === 'date' || kind === 'time' ? 'string' : 'number';
}
