import { RenewSessionDocument } from './gql/graphql.ts';
import { execute } from './operation.ts';
import type { RenewOver } from './socket.ts';

/** By the mutation `renewSession`. */
export const renewOver: RenewOver = async (client, token) => {
  const { data } = await execute(client, 'RenewSession', RenewSessionDocument, { input: { token } });
  return data?.renewSession.__typename === 'RenewSessionSuccess';
};
