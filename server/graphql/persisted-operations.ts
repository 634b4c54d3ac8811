import { readFileSync } from 'node:fs';
import { GraphQLError } from 'graphql';
import * as z from 'zod';
import { StartError } from '../../core/domain/start-error.ts';

/** Whether operations may, or must, be named by the hash of a document that the operator has listed. */
export type PersistedMode = 'off' | 'also' | 'only';

/** An operation as a client sends it, over any transport. */
interface Params {
  query?: unknown;
  extensions?: Record<string, unknown> | null | undefined;
}

/**
 * The documents that the operator has listed, by their hashes. Ecosystem plugins look them up for requests over HTTP only, so
 * this does it for every transport. Clients send a hash as those of Apollo do, in `extensions.persistedQuery.sha256Hash`; such
 * a client that is refused with PERSISTED_QUERY_NOT_FOUND or _NOT_SUPPORTED sends the document.
 */
export class PersistedOperations {
  readonly #mode: PersistedMode;
  readonly #documents: ReadonlyMap<string, string>;

  constructor(mode: PersistedMode, documents: ReadonlyMap<string, string> = new Map()) {
    this.#mode = mode;
    this.#documents = documents;
  }

  /**
   * The document to execute: what was sent or, for `only`, in any case the listed one, so that what is sent beside a hash does
   * not matter. A request without either is returned as it is.
   * @throws {GraphQLError} if the operation may not be executed
   */
  documentOf(params: Params): unknown {
    const hash = hashIn(params);
    const isSent = Boolean(params.query);
    if (this.#mode !== 'only' && (isSent || hash === null)) return params.query;
    if (this.#mode === 'off') throw refusal('PersistedQueryNotSupported', 'PERSISTED_QUERY_NOT_SUPPORTED');
    if (hash === null) throw refusal(ONLY_LISTED, 'PERSISTED_QUERY_ID_REQUIRED');
    const document = this.#documents.get(withoutAlgorithm(hash));
    if (document === undefined) throw refusal('PersistedQueryNotFound', 'PERSISTED_QUERY_NOT_FOUND');
    return document;
  }
}

const ONLY_LISTED =
  'This server executes only operations that its operator has listed: send the hash of one in "extensions.persistedQuery.sha256Hash".';

/** Whether an operation is named only by the hash of its document. */
export function isPersistedQuery(params: Params): boolean {
  return !params.query && hashIn(params) !== null;
}

/** The hash that an operation names; empty if it is malformed, null without one. */
function hashIn({ extensions }: Params): string | null {
  const persisted = extensions?.persistedQuery;
  if (typeof persisted !== 'object' || persisted === null) return null;
  const { sha256Hash } = persisted as { sha256Hash?: unknown };
  return typeof sha256Hash === 'string' ? sha256Hash : '';
}

/** Over HTTP 400, for clients of the new media type: the protocol is older, and knows 200 alone. */
function refusal(message: string, code: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code, http: { status: 400, spec: true } } });
}

/**
 * Reads lists as graphql-codegen writes them: an object of JSON with documents by their hashes. A hash may begin with the
 * algorithm, as in `sha256:1ec8…`.
 * @param file of the operator; @param ofClient that of the built web client, null where it is not built
 * @throws {StartError}
 */
export function readPersistedOperations(
  mode: PersistedMode,
  file: string | undefined,
  ofClient: string | null,
): PersistedOperations {
  if (mode === 'off') return new PersistedOperations(mode);
  const documents = [file, ofClient].flatMap((path) => (path ? Object.entries(readList(path)) : []));
  return new PersistedOperations(
    mode,
    new Map(documents.map(([hash, document]) => [withoutAlgorithm(hash), document])),
  );
}

const LIST = z.record(z.string().min(1), z.string().min(1));

function readList(path: string): z.output<typeof LIST> {
  try {
    return LIST.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    throw new StartError(
      `PERSISTED_OPERATIONS_FILE ${path} cannot be read as an object of JSON with documents by their hashes`,
      { cause },
    );
  }
}

function withoutAlgorithm(hash: string): string {
  return hash.replace(/^sha256:/, '');
}
