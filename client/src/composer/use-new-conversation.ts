import { useState } from 'react';
import { useMutation } from 'urql';
import { CreateConversationDocument, type Pacing } from '../gql/graphql.ts';
import { type Problem, problemOf } from '../graphql/problem.ts';
import { conversationPath, navigate } from '../router/router.ts';
import { useServices } from '../services/services.ts';

/** Creates a conversation and goes there; with `text`, that is its first message, without, the AI greets first. */
export function useNewConversation() {
  const { outboxOf } = useServices();
  const [{ fetching }, create] = useMutation(CreateConversationDocument);
  const [problem, setProblem] = useState<Problem | null>(null);

  const begin = async (input: { model: string | null; pacing: Pacing; text?: string }): Promise<boolean> => {
    setProblem(null);
    const { model, pacing, text } = input;
    const greet = text === undefined;
    const { data, error } = await create({ input: { model, pacing, greet } });
    const payload = data?.createConversation;
    if (!error && payload?.__typename === 'CreateConversationSuccess') {
      const { id } = payload.conversation;
      if (text !== undefined) outboxOf(id).send(text, null);
      navigate(conversationPath(id));
      return true;
    }
    setProblem(problemOf(error, payload));
    return false;
  };
  return { begin, busy: fetching, problem };
}
