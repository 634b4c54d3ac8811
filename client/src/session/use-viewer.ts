import { useQuery } from 'urql';
import { StartDocument, type StartQuery } from '../gql/graphql.ts';

/** Who is signed in, as the server said at the start of the page; null while it has not. */
export function useViewer(): StartQuery['viewer'] | null {
  const [{ data }] = useQuery({ query: StartDocument, requestPolicy: 'cache-only' });
  return data?.viewer ?? null;
}
