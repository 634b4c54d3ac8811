import { useState } from 'react';
import { useMutation } from 'urql';
import { CreateConversationDocument } from '../gql/graphql.ts';
import { problemOf, type SaidProblem } from '../graphql/problem.ts';
import { RequestId } from '../graphql/request-id.ts';
import type { Pace } from './pace.ts';

/** Creates a conversation. After a failure, another try with the same settings does not create a second one. */
export function useNewConversation() {
  const [{ fetching }, create] = useMutation(CreateConversationDocument);
  const [problem, setProblem] = useState<SaidProblem | null>(null);
  const [requestId] = useState(() => new RequestId());

  /** Resolves to its id; to null when it was not created, and why is shown. `greet`: the AI speaks first. */
  const begin = async (settings: Pace & { model: string | null; greet: boolean }): Promise<string | null> => {
    setProblem(null);
    const clientConversationId = requestId.of(JSON.stringify(settings));
    const { data, error } = await create({ input: { ...settings, clientConversationId } });
    const payload = data?.createConversation;
    if (!error && payload?.__typename === 'CreateConversationSuccess') {
      requestId.done();
      return payload.conversation.id;
    }
    setProblem(problemOf(error, payload));
    return null;
  };

  return { begin, busy: fetching, problem };
}
