import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client';
import { useApollo } from './apollo.mjs';

export function connect(server) {
  // #region link
  const client = new ApolloClient({
    cache: new InMemoryCache(),
    // It requests subscriptions as multipart by default.
    link: new HttpLink({ uri: `${server}/graphql` }),
  });
  // #endregion
  return useApollo(client);
}
