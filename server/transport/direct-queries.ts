import { isUtf8 } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { DocumentNode, ExecutionResult, GraphQLSchema } from 'graphql';
import { isAsyncIterable, processRegularResult } from 'graphql-yoga';
import { CompiledQueries } from '../graphql/compiled/compiled-queries.ts';
import type { CompiledQuery } from '../graphql/compiled/compiled-query.ts';
import { WrittenData } from '../graphql/compiled/written-data.ts';
import type { CallContext, GraphQLContext, GraphQLServer } from '../graphql/context.ts';
import type { Documents } from '../graphql/documents/documents.ts';
import { MAX_MESSAGE_BYTES } from '../graphql/limits.ts';
import type { PersistedOperations } from '../graphql/persisted-operations.ts';
import { jsonTypeFor } from './streams/json-type.ts';
import { partsOf, withStandIn } from './streams/large-result.ts';
import type { UnreadBytes } from './unread-bytes.ts';

export interface DirectQueriesOptions {
  graphql: GraphQLServer;
  /** That of `graphql`. */
  schema: GraphQLSchema;
  documents: Pick<Documents, 'valid'>;
  persisted: Pick<PersistedOperations, 'documentOf'>;
  unread: Pick<UnreadBytes, 'track'>;
}

/**
 * Answers queries over HTTP without the engine's own layer of requests and responses, which takes longer than a page of
 * messages: those whose document was found valid before, and whose selection is compiled. They run inside the same plugins, and
 * are answered with the same bytes. Everything else is left to the engine.
 */
export class DirectQueries {
  readonly #options: DirectQueriesOptions;
  readonly #queries = new CompiledQueries();

  constructor(options: DirectQueriesOptions) {
    this.#options = options;
  }

  /** Null: the request is answered. Otherwise what to pass to the engine, with the body if it was read. */
  async serve(
    request: IncomingMessage,
    response: ServerResponse,
    caller: CallContext,
  ): Promise<IncomingMessage | null> {
    const type = isPlain(request) ? jsonTypeFor(request.headers.accept) : null;
    if (type === null) return request;
    const body = await bodyOf(request);
    if (body === null) return request;
    const operation = this.#operationIn(body);
    const result = operation && (await this.#run(operation, request, response, caller));
    if (!result) return Object.assign(request, { body: Readable.from([body]) });
    await this.#answer(response, result, type);
    return null;
  }

  /** Null: the engine says what is wrong with it, or has to run it. */
  #operationIn(body: Buffer): Operation | null {
    const params = paramsIn(body);
    if (!params) return null;
    const { documents, persisted, schema } = this.#options;
    const text = documentIn(params, persisted);
    const document = text === null ? null : documents.valid(text);
    if (!document) return null;
    const { operationName, variables: variableValues } = params;
    const compiled = this.#queries.of({ schema, document, operationName, variableValues });
    return compiled?.isDue ? { params, document, compiled } : null;
  }

  /** Null: it could not be run in this way. */
  async #run(
    { params, document, compiled }: Operation,
    request: IncomingMessage,
    response: ServerResponse,
    caller: CallContext,
  ): Promise<Result | null> {
    const { headers } = request;
    const engine = this.#options.graphql.getEnveloped({
      ...caller,
      ...{ params, compiled, req: request, res: response },
      request: { headers: { get: (name: string) => headers[name]?.toString() ?? null } },
    });
    try {
      const context = (await engine.contextFactory()) as unknown as GraphQLContext;
      const result = await engine.execute({
        ...{ schema: engine.schema, document, contextValue: context },
        ...{ variableValues: params.variables, operationName: params.operationName },
      });
      return isAsyncIterable(result) ? null : { result, context };
    } catch {
      return null;
    }
  }

  async #answer(response: ServerResponse, { result, context }: Result, type: string): Promise<void> {
    const { resultSize, viewer } = context;
    const { data } = result;
    if (!(data instanceof WrittenData)) {
      const answer = processRegularResult(result, this.#options.graphql.fetchAPI, type);
      const text = await answer.text();
      const headers = { ...Object.fromEntries(answer.headers), 'content-length': Buffer.byteLength(text) };
      return void response.writeHead(answer.status, headers).end(text);
    }
    const headers = { 'content-type': `${type}; charset=utf-8` };
    if (resultSize.isLarge) {
      const parts = partsOf(JSON.stringify(withStandIn(result)), { data, size: resultSize }, (bytes) =>
        this.#options.unread.track(viewer, bytes),
      );
      response.writeHead(200, headers);
      // Its caller may disconnect, which is no fault.
      return pipeline(parts, response).catch(() => {});
    }
    const text = `{"data":${data.json}}`;
    response.writeHead(200, { ...headers, 'content-length': Buffer.byteLength(text) }).end(text);
  }
}

interface Params {
  query?: string;
  operationName?: string;
  variables?: Record<string, unknown>;
  extensions?: Record<string, unknown>;
}

interface Operation {
  params: Params;
  document: DocumentNode;
  compiled: CompiledQuery;
}

interface Result {
  result: ExecutionResult;
  context: GraphQLContext;
}

/** Whether a request is one operation in a body whose length is known. */
function isPlain({ method, url, headers }: IncomingMessage): boolean {
  const length = Number(headers['content-length']);
  return method === 'POST' && url === '/graphql' && length > 0 && length <= MAX_MESSAGE_BYTES;
}

/** Null: the connection closed before its end. */
function bodyOf(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  return new Promise((resolve) => {
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.once('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    request.once('error', () => resolve(null));
    request.once('close', () => resolve(null));
  });
}

/** Null: the engine says what is wrong with it. */
function paramsIn(body: Buffer): Params | null {
  if (!isUtf8(body)) return null;
  try {
    const params: unknown = JSON.parse(body.toString());
    return isObject(params) && Object.entries(params).every(isParam) ? params : null;
  } catch {
    return null;
  }
}

function isParam([name, value]: [string, unknown]): boolean {
  if (name === 'query' || name === 'operationName') return typeof value === 'string';
  return (name === 'variables' || name === 'extensions') && isObject(value);
}

/** Null: the engine says why there is none. */
function documentIn(params: Params, persisted: DirectQueriesOptions['persisted']): string | null {
  try {
    const text: unknown = persisted.documentOf(params);
    return typeof text === 'string' ? text : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
