import { readFileSync } from 'node:fs';

/** The web client's own documents, as it sends them. */
const DOCUMENTS: Record<string, string> = JSON.parse(
  readFileSync(new URL('../../client/src/gql/persisted-documents.json', import.meta.url), 'utf8'),
);

/** The document of the web client with the operation `name`. */
export function documentOf(kind: 'query' | 'subscription', name: string): string {
  const operation = new RegExp(`\\b${kind} ${name}\\b`);
  const found = Object.values(DOCUMENTS).find((document) => operation.test(document));
  if (!found) throw new Error(`the web client has no ${kind} ${name}`);
  return found;
}
