/** How many conversations one request creates. */
const AT_ONCE = 10;
/** How many requests in a row a busy server may refuse. */
const MOST_REFUSED = 20;

/** Creates conversations of TaskFlow without a greeting, and returns their ids. */
export async function createConversations(
  url: string,
  count: number,
  pacing: 'HUMAN' | 'INSTANT' = 'INSTANT',
): Promise<string[]> {
  const ids: string[] = [];
  let refused = 0;
  while (ids.length < count) {
    const fields = Array.from(
      { length: Math.min(AT_ONCE, count - ids.length) },
      (_, i) => `c${i}: ${field(pacing)}`,
    );
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: `mutation { ${fields.join('\n')} }` }),
    });
    const { data, errors }: { data: Record<string, Created>; errors?: unknown } = await response.json();
    if (errors) throw new Error(JSON.stringify(errors));
    const created = Object.values(data).flatMap(({ conversation }) => conversation?.id ?? []);
    refused = created.length > 0 ? 0 : refused + 1;
    if (refused > MOST_REFUSED) throw new Error(`no conversation is created: ${JSON.stringify(data)}`);
    ids.push(...created);
  }
  return ids;
}

const field = (pacing: string): string =>
  `createConversation(input: { greet: false, pacing: ${pacing} }) { ... on CreateConversationSuccess { conversation { id } } ... on UserError { message } }`;

interface Created {
  conversation?: { id: string };
}
