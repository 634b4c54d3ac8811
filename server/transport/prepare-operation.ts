import { type ExecutionArgs, GraphQLError, getOperationAST } from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import { RateLimitedError } from '../../core/domain/errors.ts';
import { type Log, withLogFields } from '../../core/telemetry/log.ts';
import type { GraphQLServer } from '../graphql/context.ts';
import type { DocumentTurns } from '../graphql/documents/document-turns.ts';
import { logOperation } from '../graphql/operation-line.ts';
import type { PersistedOperations } from '../graphql/persisted-operations.ts';
import { rateLimited } from '../graphql/rate-limited.ts';
import type { SocketContext } from './admit-socket.ts';
import type { Callers } from './http.ts';
import type { SocketFlow } from './socket-flow.ts';

/** Who runs the operations of sockets. */
export interface Engines {
  graphql: GraphQLServer;
  persisted: PersistedOperations;
  /** Null: no caller waits for a turn. */
  documentTurns: DocumentTurns | null;
  callers: Callers;
  log: Log;
}

export type Engine = Pick<ReturnType<GraphQLServer['getEnveloped']>, 'execute' | 'subscribe'>;

/** What graphql-ws passes on of an operation, and its document, which it did not get; undefined: it got it. */
export interface Given {
  params: SubscribePayload;
  text: string | undefined;
}

/** Prepares an operation, or returns why it cannot be run: its errors do not close the socket for the others. */
export function prepareOperation(
  engines: Engines,
  ctx: SocketContext,
  given: Given,
  requestId: string,
): Promise<ExecutionArgs | readonly GraphQLError[]> {
  return withLogFields({ requestId }, () => prepared(engines, ctx, given, requestId));
}

async function prepared(
  { graphql, persisted, documentTurns, callers, log }: Engines,
  ctx: SocketContext,
  { params, text: query = params.query }: Given,
  requestId: string,
): Promise<ExecutionArgs | readonly GraphQLError[]> {
  const { request, socket, session, flow } = ctx.extra;
  // graphql-ws runs no operation before the socket is admitted.
  if (!session) throw new Error('an operation of a socket without a caller');
  const address = callers.addressOf(request);
  const engine = graphql.getEnveloped({
    ...ctx,
    req: request,
    socket,
    params,
    caller: session.caller,
    address,
    connection: socket,
    session,
  });
  const { schema, execute, subscribe, contextFactory, parse, validate } = engine;
  // What cannot be parsed or is invalid has a line of the engine.
  let isRead = false;
  try {
    const text = persisted.documentOf({ ...params, query });
    const origin = { owner: session.caller, address, connection: socket };
    if (documentTurns) await flow.run(() => documentTurns.next(String(text), origin));
    isRead = true;
    const document = parse(text);
    const faults = validate(schema, document);
    if (faults.length > 0) return faults;
    isRead = false;
    if (!getOperationAST(document, params.operationName)) throw unknownOperation();
    return {
      schema,
      document,
      operationName: params.operationName,
      variableValues: params.variables,
      contextValue: await contextFactory(),
      rootValue: engineFor(flow, requestId, { execute, subscribe }),
    };
  } catch (error) {
    const refusal = error instanceof RateLimitedError ? rateLimited(error) : error;
    if (!(refusal instanceof GraphQLError)) throw error;
    if (!isRead) logOperation(log, { operation: 'unread', ms: 0, failures: [error] });
    return [refusal];
  }
}

/** A function of its own, so that what an operation keeps while it runs does not include its text. */
function engineFor(flow: SocketFlow, requestId: string, { execute, subscribe }: Engine): Engine {
  return {
    execute: (args) => flow.run(() => withLogFields({ requestId }, () => execute(args))),
    subscribe: (args) => withLogFields({ requestId }, () => subscribe(args)),
  };
}

/** As over HTTP. */
function unknownOperation(): GraphQLError {
  return new GraphQLError('Could not determine what operation to execute.', {
    extensions: { code: 'OPERATION_RESOLUTION_FAILURE' },
  });
}
