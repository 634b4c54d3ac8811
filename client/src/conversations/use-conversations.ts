import { useCallback, useMemo, useState } from 'react';
import { useClient, useQuery } from 'urql';
import { ConversationsDocument } from '../gql/graphql.ts';
import { PAGE_SIZE } from './follow-list.ts';

/** The loaded part of the list of conversations, newest activity first. It is updated through the cache. */
export function useConversations() {
  const client = useClient();
  const [{ data, error, fetching }, reload] = useQuery({
    query: ConversationsDocument,
    variables: { first: PAGE_SIZE },
    requestPolicy: 'cache-and-network',
  });
  const [loadingMore, setLoadingMore] = useState(false);

  const edges = data?.conversations.edges;
  const conversations = useMemo(() => edges?.map((edge) => edge.node) ?? [], [edges]);
  const { hasNextPage = false, endCursor = null } = data?.conversations.pageInfo ?? {};

  const loadMore = useCallback(async () => {
    if (!endCursor || loadingMore) return;
    setLoadingMore(true);
    await client.query(ConversationsDocument, { first: PAGE_SIZE, after: endCursor }).toPromise();
    setLoadingMore(false);
  }, [client, endCursor, loadingMore]);

  return {
    conversations,
    loading: fetching && !data,
    failed: error !== undefined && !data,
    hasMore: hasNextPage && endCursor !== null,
    loadingMore,
    loadMore,
    reload: useCallback(() => reload({ requestPolicy: 'network-only' }), [reload]),
  };
}
