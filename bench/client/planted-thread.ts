import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { rowIdOf } from '../../test/support/node-ids.ts';
import { CREATE } from '../../test/support/operations.ts';
import type { BenchSystem } from '../system.ts';

interface Created {
  createConversation: { conversation: { id: string } };
}

const ANSWERS = [
  'A short answer.',
  'An answer with **bold** words and `code`, of some lines.\n\nIts second paragraph is a little longer, so that it breaks where the column ends, and goes on after that.',
  'A list:\n\n- one\n- two, with *emphasis*\n- three\n\n```ts\nconst answer = 42;\nconsole.log(answer);\n```',
  'A table:\n\n| name | value |\n|---|---|\n| a | 1 |\n| b | 2 |\n\nAnd a last line.',
];

/** A conversation with that many stored messages, questions and answers in turn. Returns its id. */
export async function plantThread(system: BenchSystem, messages: number): Promise<string> {
  const input = { greet: false, pacing: 'INSTANT' };
  const { createConversation } = await system.request<Created>(CREATE, { input });
  const { id } = createConversation.conversation;
  const client = new pg.Client({ connectionString: system.env.DATABASE_URL });
  await client.connect();
  const ids = Array.from({ length: messages }, () => uuidv7()).sort();
  await client.query(
    `INSERT INTO messages (id, conversation_id, role, content, status)
    SELECT m.id, $1, CASE WHEN n % 2 = 1 THEN 'USER' ELSE 'ASSISTANT' END, m.content, 'COMPLETED'
    FROM unnest($2::uuid[], $3::text[]) WITH ORDINALITY AS m(id, content, n)`,
    [rowIdOf(id), ids, ids.map((_, n) => contentOf(n))],
  );
  if (messages > 0) {
    await client.query('UPDATE conversations SET message_count = $2, last_turn_id = $3 WHERE id = $1', [
      rowIdOf(id),
      messages,
      ids.at(-1),
    ]);
  }
  await client.end();
  return id;
}

function contentOf(n: number): string {
  if (n % 2 === 0) return `Question ${n}: and what about that?`;
  return ANSWERS[((n - 1) / 2) % ANSWERS.length] ?? '';
}
