import { Client, fetchExchange } from '@urql/core';
import { createCacheExchange } from './cache.ts';
import { fetchWithDeadline } from './fetch-with-deadline.ts';
import { persistedExchange } from './persisted.ts';
import { pushedExchange } from './pushed-exchange.ts';

/** urql for queries and mutations, over HTTP, with a normalised cache. Subscriptions do not use it: they go over the socket of `@taskflow/client`. */
export function createUrqlClient(url: string, fetch = fetchWithDeadline): Client {
  return new Client({
    url,
    fetch,
    preferGetMethod: false,
    exchanges: [createCacheExchange(), pushedExchange, persistedExchange, fetchExchange],
  });
}
