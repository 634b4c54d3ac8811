import { createHash } from 'node:crypto';
import {
  type DocumentNode,
  type GraphQLError,
  type GraphQLSchema,
  Kind,
  parse,
  type ValidationRule,
  validate,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Config } from '../../../core/config/config.ts';
import { compact, MAX_ERRORS, tooLong, tooMuchToValidate } from './refusals.ts';
import { exceededBound } from './selections.ts';

export type DocumentLimits = Pick<
  Config,
  | 'documentMaxCharacters'
  | 'documentMaxLines'
  | 'documentMaxTokens'
  | 'documentMaxSelections'
  | 'documentMaxComparisons'
  | 'documentCacheBytes'
  | 'documentSuggestions'
>;

/**
 * Parses and validates documents in bounded time, and remembers the outcome by the document's hash: a valid one is parsed
 * once, and one that was refused is refused again without being parsed. What is remembered is bounded in bytes.
 */
export class Documents {
  readonly #limits: DocumentLimits;
  readonly #valid: LRUCache<string, Outcome>;
  /** In a cache of their own, so that many of them do not displace the documents of others. */
  readonly #refused: LRUCache<string, Outcome>;
  /** The document that stands for a remembered outcome, or was just parsed. */
  readonly #outcomes = new WeakMap<DocumentNode, { hash: string; outcome: Outcome | null }>();

  constructor(limits: DocumentLimits) {
    this.#limits = limits;
    this.#valid = cacheOf(limits.documentCacheBytes * VALID_SHARE);
    this.#refused = cacheOf(limits.documentCacheBytes * (1 - VALID_SHARE));
  }

  /** Whether the outcome of a document is remembered, or takes no time. */
  isKnown(text: string): boolean {
    if (text.length > this.#limits.documentMaxCharacters) return true;
    const hash = hashOf(text);
    return this.#valid.has(hash) || this.#refused.has(hash);
  }

  /** The document of this text, if it is remembered as valid; otherwise null. */
  valid(text: string): DocumentNode | null {
    if (text.length > this.#limits.documentMaxCharacters) return null;
    const known = this.#valid.get(hashOf(text));
    return known && !known.refused ? known.document : null;
  }

  /** @throws {GraphQLError} GRAPHQL_PARSE_FAILED, or QUERY_TOO_COMPLEX where validation would take too long */
  parse(text: string): DocumentNode {
    const { documentMaxCharacters, documentMaxLines } = this.#limits;
    if (text.length > documentMaxCharacters)
      throw tooLong(
        `The document is longer than ${documentMaxCharacters} characters: pass texts as variables.`,
        'documentMaxCharacters',
      );
    const hash = hashOf(text);
    const known = this.#valid.get(hash) ?? this.#refused.get(hash);
    if (known?.refused) throw known.refused;
    if (known) {
      this.#outcomes.set(known.document, { hash, outcome: known });
      return known.document;
    }
    if (linesOf(text, documentMaxLines) > documentMaxLines)
      throw tooLong(`The document has more than ${documentMaxLines} lines.`, 'documentMaxLines');
    try {
      const document = this.#parsed(text);
      this.#outcomes.set(document, { hash, outcome: null });
      return document;
    } catch (error) {
      const refused = compact(error as GraphQLError, (error as GraphQLError).source);
      this.#refused.set(hash, { refused }, { size: BYTES_OF_AN_ENTRY + text.length * 2 });
      throw refused;
    }
  }

  #parsed(text: string): DocumentNode {
    const { documentMaxTokens, documentMaxSelections, documentMaxComparisons } = this.#limits;
    const document = parse(text, { maxTokens: documentMaxTokens });
    const exceeded = exceededBound(document, {
      selections: documentMaxSelections,
      comparisons: documentMaxComparisons,
    });
    if (exceeded) throw tooMuchToValidate(exceeded);
    return document;
  }

  /** The errors of a document that {@link parse} returned: none if it is valid. */
  validate(
    schema: GraphQLSchema,
    document: DocumentNode,
    rules?: readonly ValidationRule[],
    { hideSuggestions = !this.#limits.documentSuggestions }: { hideSuggestions?: boolean } = {},
  ): readonly GraphQLError[] {
    const { hash, outcome } = this.#outcomes.get(document) ?? { hash: null, outcome: null };
    if (outcome && !outcome.refused) return outcome.errors;
    const options = { maxErrors: MAX_ERRORS - 1, hideSuggestions };
    const errors = validate(schema, document, rules, options);
    if (hash === null) return errors;
    const size = BYTES_OF_AN_ENTRY + (document.loc?.end ?? 0) * 2;
    if (errors.length === 0) {
      const tokens = (document.tokenCount ?? 0) * BYTES_OF_A_TOKEN;
      this.#valid.set(hash, { document, errors }, { size: size + tokens });
      return errors;
    }
    const short = errors.map((error) => compact(error, document.loc?.source));
    this.#refused.set(hash, { document: withoutSelections(document), errors: short }, { size });
    return short;
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}

/** Of the cache's bytes. */
const VALID_SHARE = 3 / 4;

function cacheOf(bytes: number): LRUCache<string, Outcome> {
  const maxSize = Math.max(1, Math.floor(bytes));
  return new LRUCache({ maxSize, maxEntrySize: Math.max(1, Math.floor(maxSize / 4)) });
}

/** A document is refused before validation, or has errors of validation, or is valid: then it has none. */
type Outcome =
  | { refused: GraphQLError }
  | { refused?: never; document: DocumentNode; errors: readonly GraphQLError[] };

/** Measured of documents of 2,000 tokens: their tokens, and about as many nodes. */
const BYTES_OF_A_TOKEN = 550;
const BYTES_OF_AN_ENTRY = 2_000;

/** The document with its operations, by which a request is answered before validation, and nothing in them. */
function withoutSelections({ definitions }: DocumentNode): DocumentNode {
  const operations = definitions.flatMap((one) =>
    one.kind === Kind.OPERATION_DEFINITION
      ? [
          {
            ...{ kind: one.kind, operation: one.operation },
            ...(one.name && { name: { kind: one.name.kind, value: one.name.value } }),
            selectionSet: { kind: Kind.SELECTION_SET as const, selections: [] },
          },
        ]
      : [],
  );
  return { kind: Kind.DOCUMENT, definitions: operations };
}

/** The number of lines, counted up to one more than `most`. */
function linesOf(text: string, most: number): number {
  let lines = 1;
  for (const _ of text.matchAll(/\r\n|[\n\r]/g)) if (++lines > most) break;
  return lines;
}
