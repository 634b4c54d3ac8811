import { readFileSync, writeFileSync } from 'node:fs';
import { textValues } from './text-values.ts';

/** Prints which values the client's texts need, so that the compiler checks their names and types. */
const file = (name: string) => new URL(`../client/src/language/${name}`, import.meta.url);
writeFileSync(file('text-values.ts'), textValues(JSON.parse(readFileSync(file('messages/en.json'), 'utf8'))));
