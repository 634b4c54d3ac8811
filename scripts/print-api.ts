import { readFile, writeFile } from 'node:fs/promises';
import { buildSchema } from 'graphql';
import { apiReference } from './api-reference.ts';

/** Prints schema.graphql to docs/api.md as a reference page. */
const file = (path: string) => new URL(`../${path}`, import.meta.url);
const schema = buildSchema(await readFile(file('schema.graphql'), 'utf8'));
await writeFile(file('docs/api.md'), apiReference(schema));
