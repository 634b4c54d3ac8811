import { createServer } from 'node:http';
import pg from 'pg';

/**
 * What a careful hand writes without GraphQL: plain pg and JSON.stringify in a bare HTTP server. `/conversations` returns the
 * first 20 of the list, `/messages` the last 50 messages of a conversation, each with the columns that TaskFlow's answer has.
 */
const pool = new pg.Pool({ connectionString: String(process.env.DATABASE_URL), max: 10 });
const LIST = `SELECT id, title, status, message_count, last_message_preview, created_at, updated_at, last_activity_at
  FROM conversations ORDER BY last_activity_at DESC, id DESC LIMIT 21`;
const HEAD = `SELECT id, title, status, message_count, last_message_preview, created_at, updated_at, last_activity_at, pacing,
  provider, model FROM conversations WHERE id = $1`;
const MESSAGES = `SELECT id, role, content, status, is_truncated, created_at, client_message_id, model, failure_code
  FROM messages WHERE conversation_id = $1 ORDER BY id DESC LIMIT 51`;

const server = createServer(async (request, response) => {
  const url = new URL(String(request.url), 'http://bare');
  const body = url.pathname === '/conversations' ? await list() : await thread(url.searchParams.get('id'));
  response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
});

async function list() {
  const { rows } = await pool.query({ name: 'list', text: LIST });
  return { data: { conversations: { nodes: rows.slice(0, 20), hasNextPage: rows.length > 20 } } };
}

async function thread(id: string | null) {
  const [head, messages] = await Promise.all([
    pool.query({ name: 'head', text: HEAD, values: [id] }),
    pool.query({ name: 'messages', text: MESSAGES, values: [id] }),
  ]);
  const nodes = messages.rows.slice(0, 50).reverse();
  return {
    data: {
      conversation: { ...head.rows[0], messages: { nodes, hasPreviousPage: messages.rows.length > 50 } },
    },
  };
}

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  process.stdout.write(`${JSON.stringify({ msg: 'ready', url: `http://127.0.0.1:${port}` })}\n`);
});
process.once('SIGTERM', () => process.exit(0));
