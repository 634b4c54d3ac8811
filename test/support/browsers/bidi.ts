import { once } from 'node:events';
import { WebSocket } from 'ws';

/** A session of WebDriver BiDi: https://www.w3.org/TR/webdriver-bidi/. */
export interface BiDiSession {
  /** Resolves to the command's result. Rejects with the browser's error, or when the browser has gone. */
  send(method: string, params: object): Promise<Result>;
}

/** Opens the one session of the browser that listens at `url`. */
export async function openBiDi(url: string): Promise<BiDiSession> {
  const socket = new WebSocket(`${url}/session`);
  const waiting = new Map<number, (answer: Answer) => void>();
  socket.on('message', (text) => {
    const answer: Answer = JSON.parse(String(text));
    if (answer.id === undefined) return;
    waiting.get(answer.id)?.(answer);
    waiting.delete(answer.id);
  });
  socket.on('close', () => {
    for (const settle of waiting.values())
      settle({ type: 'error', error: 'the browser closed its connection' });
    waiting.clear();
  });
  await once(socket, 'open');
  let lastId = 0;
  const send: BiDiSession['send'] = async (method, params) => {
    const id = ++lastId;
    const answer = await new Promise<Answer>((resolve) => {
      waiting.set(id, resolve);
      socket.send(JSON.stringify({ id, method, params }));
    });
    if (answer.type === 'error') throw new Error(`${method}: ${answer.error}: ${answer.message}`);
    return answer.result;
  };
  await send('session.new', { capabilities: {} });
  return { send };
}

// biome-ignore lint/suspicious/noExplicitAny: each command has a result of its own
type Result = any;

type Answer =
  | { type: 'success'; id?: number; result: Result }
  | { type: 'error'; id?: number; error: string; message?: string };
