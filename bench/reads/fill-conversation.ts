import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';

const TEXT =
  'A message of usual length, as people and models write them in the middle of a conversation. '.repeat(3);

/** Adds messages to a conversation, written by its user and its model in turn. */
export async function fillConversation(databaseUrl: string, id: string, messages: number): Promise<void> {
  const database = new pg.Client({ connectionString: databaseUrl });
  await database.connect();
  try {
    for (let i = 0; i < messages; i++) {
      const role = i % 2 === 0 ? 'USER' : 'ASSISTANT';
      await database.query(
        `INSERT INTO messages (id, conversation_id, role, content, status, model)
         SELECT $1, id, $2::text, $3, 'COMPLETED', CASE WHEN $2::text = 'USER' THEN NULL ELSE model END FROM conversations WHERE id = $4`,
        [uuidv7(), role, TEXT, id],
      );
    }
    await database.query(
      'UPDATE conversations SET message_count = $1, last_message_preview = $2 WHERE id = $3',
      [messages, TEXT.slice(0, 100), id],
    );
  } finally {
    await database.end();
  }
}
