import { writeFile } from 'node:fs/promises';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { schema } from '../server/graphql/schema/schema.ts';

/** Prints the schema to `schema.graphql`, the public contract as it is served. */
await writeFile(
  new URL('../schema.graphql', import.meta.url),
  `${printSchema(lexicographicSortSchema(schema))}\n`,
);
