import type { Client, SubscribePayload } from 'graphql-ws';
import { faultsIn } from './faults-in.ts';
import type { Fault } from './problem.ts';

/** What came of an operation; neither data nor errors: the server did not answer. */
export interface Outcome<Data> {
  data: Data | null;
  errors: readonly Fault[];
}

/** The text of an operation; one that codegen made has the types of its data and its variables, and its hash. */
export interface Document<Data, Variables> {
  __apiType?: (variables: Variables) => Data;
  __meta__?: Record<string, unknown> | undefined;
  toString(): string;
}

/**
 * An operation for graphql-ws. Beside its document it sends the document's hash, with which a server that executes only
 * listed operations finds it.
 */
export function payloadOf<Variables>(
  operationName: string | undefined,
  document: Document<unknown, Variables>,
  variables: Variables & Record<string, unknown>,
): SubscribePayload {
  const hash = String(document.__meta__?.hash ?? '').replace('sha256:', '');
  return {
    operationName,
    query: document.toString(),
    variables,
    ...(hash && { extensions: { persistedQuery: { version: 1, sha256Hash: hash } } }),
  };
}

/**
 * Executes a query or a mutation over a socket, which executes it again when it was lost meanwhile: repeat only what is
 * idempotent. Never rejects.
 */
export function execute<Data, Variables>(
  client: Pick<Client, 'subscribe'>,
  operationName: string | undefined,
  document: Document<Data, Variables>,
  variables: Variables & Record<string, unknown>,
): Promise<Outcome<Data>> {
  return new Promise((resolve) => {
    client.subscribe<Data>(payloadOf(operationName, document, variables), {
      next: ({ data, errors }) => resolve({ data: data ?? null, errors: errors ?? [] }),
      error: (error) => resolve({ data: null, errors: faultsIn(error) }),
      complete: () => resolve({ data: null, errors: [] }),
    });
  });
}
