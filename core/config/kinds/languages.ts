import { z } from 'zod';

/** The languages that PostgreSQL 15 has stemmers of (https://www.postgresql.org/docs/15/textsearch-dictionaries.html). */
const LANGUAGES = [
  ...['arabic', 'armenian', 'basque', 'catalan', 'danish', 'dutch', 'english', 'finnish', 'french', 'german'],
  ...['greek', 'hindi', 'hungarian', 'indonesian', 'irish', 'italian', 'lithuanian', 'nepali', 'norwegian'],
  ...['portuguese', 'romanian', 'russian', 'serbian', 'spanish', 'swedish', 'tamil', 'turkish', 'yiddish'],
];
const NONE = 'none';
/** Each is asked for every word. */
const MOST = 8;

/** Names of languages with a stemmer, sorted, each once; none for `none`. */
export const languages = z
  .string()
  .transform((value) =>
    [...new Set(value.split(',').map((name) => name.trim().toLowerCase()))].filter((name) => name !== NONE),
  )
  .refine((names) => names.length <= MOST && names.every((name) => LANGUAGES.includes(name)), {
    message: `must be none, or at most ${MOST} of ${LANGUAGES.join(', ')}, separated by commas`,
  })
  .transform((names) => names.toSorted())
  .describe(`\`none\`, or at most ${MOST} of ${LANGUAGES.map((name) => `\`${name}\``).join(', ')}`);
