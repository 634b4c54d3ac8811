import { useState } from 'react';
import { useMutation } from 'urql';
import { CreateConversationDocument, type Pacing } from '../gql/graphql.ts';
import { type Problem, problemOf } from '../graphql/problem.ts';
import { RequestId } from '../graphql/request-id.ts';
import { conversationPath, navigate } from '../router/router.ts';
import { useServices } from '../services/services.ts';

/**
 * Creates a conversation and opens it. `text` is its first message; without it, the AI greets first. After a failure,
 * another try with the same settings does not create a second conversation.
 */
export function useNewConversation() {
  const { outboxOf } = useServices();
  const [{ fetching }, create] = useMutation(CreateConversationDocument);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [requestId] = useState(() => new RequestId());

  const begin = async (wanted: { model: string | null; pacing: Pacing; text?: string }): Promise<boolean> => {
    setProblem(null);
    const { model, pacing, text } = wanted;
    const settings = { model, pacing, greet: text === undefined };
    const clientConversationId = requestId.of(JSON.stringify(settings));
    const { data, error } = await create({ input: { ...settings, clientConversationId } });
    const payload = data?.createConversation;
    if (!error && payload?.__typename === 'CreateConversationSuccess') {
      requestId.done();
      const { id } = payload.conversation;
      if (text !== undefined) outboxOf(id).send(text);
      navigate(conversationPath(id));
      return true;
    }
    setProblem(problemOf(error, payload));
    return false;
  };

  return { begin, busy: fetching, problem };
}
