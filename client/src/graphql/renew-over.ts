import type { Client } from 'graphql-ws';
import { RenewSessionDocument, type RenewSessionMutation } from '../gql/graphql.ts';
import { payloadOf } from './persisted.ts';

/** Has the socket of a client go on with another token. Resolves to whether the server agrees; never rejects. */
export function renewOver(client: Pick<Client, 'subscribe'>, token: string): Promise<boolean> {
  return new Promise((resolve) => {
    client.subscribe<RenewSessionMutation>(
      payloadOf('RenewSession', RenewSessionDocument, { input: { token } }),
      {
        next: ({ data }) => resolve(data?.renewSession.__typename === 'RenewSessionSuccess'),
        error: () => resolve(false),
        complete: () => resolve(false),
      },
    );
  });
}
