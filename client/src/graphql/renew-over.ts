import { stringifyDocument } from '@urql/core';
import type { Client } from 'graphql-ws';
import { RenewSessionDocument, type RenewSessionMutation } from '../gql/graphql.ts';

/** Has the socket of a client go on with another token. Resolves to whether the server agrees; never rejects. */
export function renewOver(client: Pick<Client, 'subscribe'>, token: string): Promise<boolean> {
  return new Promise((resolve) => {
    client.subscribe<RenewSessionMutation>(
      {
        operationName: 'RenewSession',
        query: stringifyDocument(RenewSessionDocument),
        variables: { input: { token } },
      },
      {
        next: ({ data }) => resolve(data?.renewSession.__typename === 'RenewSessionSuccess'),
        error: () => resolve(false),
        complete: () => resolve(false),
      },
    );
  });
}
