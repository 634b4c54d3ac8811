import { useCallback, useEffect, useState } from 'react';
import { useClient } from 'urql';
import { type MessagePartsFragment, OlderMessagesDocument } from '../gql/graphql.ts';

interface Older {
  /** The cursor before which these messages are: they do not fit before another one. */
  base: string;
  messages: MessagePartsFragment[];
  start: string | null;
  hasMore: boolean;
}

/**
 * The messages before the cached page of a thread, loaded page by page. `base` and `baseHasMore` are that page's
 * `startCursor` and `hasPreviousPage`; another `base` (after a reload) starts from nothing.
 */
export function useOlder(conversationId: string, base: string | null, baseHasMore: boolean) {
  const client = useClient();
  const [older, setOlder] = useState<Older | null>(null);
  const [loading, setLoading] = useState(false);
  const current = older && older.base === base ? older : null;

  useEffect(() => {
    setOlder((it) => (it && it.base !== base ? null : it));
  }, [base]);

  const start = current ? current.start : base;
  const hasMore = current ? current.hasMore : baseHasMore;

  const load = useCallback(async () => {
    if (!base || !start || loading) return;
    setLoading(true);
    const { data } = await client
      .query(OlderMessagesDocument, { id: conversationId, before: start })
      .toPromise();
    setLoading(false);
    const page = data?.conversation?.messages;
    if (!page) return;
    setOlder((it) => ({
      base,
      messages: [...page.nodes, ...(it?.base === base ? it.messages : [])],
      start: page.pageInfo.startCursor,
      hasMore: page.pageInfo.hasPreviousPage,
    }));
  }, [client, conversationId, base, start, loading]);

  return { messages: current?.messages ?? NONE, hasMore, loading, load };
}

const NONE: MessagePartsFragment[] = [];
