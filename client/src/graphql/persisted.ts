import type { ForeverOptions } from '@taskflow/client/core';
import {
  type AnyVariables,
  makeOperation,
  mapExchange,
  stringifyDocument,
  type TypedDocumentNode,
} from '@urql/core';

/**
 * The extension with which a server that executes only listed operations finds a document. It is sent beside the document:
 * so one request is enough whatever the server does with it, also while a new server takes the place of an old one.
 */
function persistedBy(document: object): Record<string, unknown> {
  const { __meta__: meta } = document as { __meta__?: { hash: string } };
  const sha256Hash = meta?.hash.replace('sha256:', '');
  // Without `miss` urql would leave the document out.
  return sha256Hash ? { persistedQuery: { version: 1, sha256Hash, miss: true } } : {};
}

/** Sends the hash of its document with every operation of urql. */
export const persistedExchange = mapExchange({
  onOperation: (operation) =>
    makeOperation(operation.kind, {
      ...operation,
      extensions: { ...operation.extensions, ...persistedBy(operation.query) },
    }),
});

/** An operation of the client for graphql-ws. */
export function payloadOf<Variables extends AnyVariables>(
  operationName: string,
  document: TypedDocumentNode<unknown, Variables>,
  variables?: Variables,
): ForeverOptions<unknown>['payload'] {
  return {
    operationName,
    query: stringifyDocument(document),
    extensions: persistedBy(document),
    ...(variables && { variables: variables as Record<string, unknown> }),
  };
}
