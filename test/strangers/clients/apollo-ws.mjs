import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { OperationTypeNode } from 'graphql';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { useApollo } from './apollo.mjs';

export function connect(server) {
  // #region link
  const socket = createClient({
    url: `${server.replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    // A subscription ends with its connection; `retry` starts it again, with the newest cursor.
    retryAttempts: 0,
  });
  // GraphQLWsLink uses the global WebSocket, which Node has since version 22.
  globalThis.WebSocket ??= WebSocket;
  const client = new ApolloClient({
    cache: new InMemoryCache(),
    link: ApolloLink.split(
      ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
      new GraphQLWsLink(socket),
      new HttpLink({ uri: `${server}/graphql` }),
    ),
  });
  // #endregion
  return useApollo(client);
}
