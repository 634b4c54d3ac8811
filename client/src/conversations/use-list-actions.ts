import { useCallback } from 'react';
import { useClient } from 'urql';
import { draftsIn } from '../composer/draft.ts';
import { DeleteConversationDocument, UpdateConversationDocument } from '../gql/graphql.ts';
import { problemOf } from '../graphql/problem.ts';
import { navigate, routeOf } from '../router/router.ts';
import { useServices } from '../services/services.ts';

/** Renames and deletes conversations of the list; shows a toast when that fails. */
export function useListActions() {
  const client = useClient();
  const { toasts, kept } = useServices();

  const rename = useCallback(
    async (conversationId: string, title: string) => {
      const input = { conversationId, title };
      const { data, error } = await client.mutation(UpdateConversationDocument, { input }).toPromise();
      const problem = problemOf(error, data?.updateConversation);
      if (problem) toasts.show(problem.said);
    },
    [client, toasts],
  );

  const remove = useCallback(
    async (conversationId: string) => {
      const input = { conversationId };
      const { data, error } = await client.mutation(DeleteConversationDocument, { input }).toPromise();
      const problem = problemOf(error, data?.deleteConversation);
      if (problem) return toasts.show(problem.said);
      draftsIn(kept).write(conversationId, '');
      const route = routeOf(location.pathname);
      if (route.name === 'conversation' && route.id === conversationId) navigate('/', { replace: true });
    },
    [client, toasts, kept],
  );

  return { rename, remove };
}
