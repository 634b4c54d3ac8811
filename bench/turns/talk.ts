import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createConversations } from '../delivery/create-conversations.ts';
import { documentOf } from '../delivery/document.ts';
import { NO_LIMITS } from '../no-limits.ts';
import { type BenchProcess, startProcess } from '../process.ts';
import { type BenchSystem, startBenchSystem } from '../system.ts';

/** The system with the model in a process of its own. */
export interface Talk {
  readonly system: BenchSystem;
  readonly model: BenchProcess;
  stop(): Promise<void>;
}

/** How often a message is sent at most, and the time between two attempts, in milliseconds. */
const MOST_TRIES = 20;
const AGAIN_MS = 200;
const SEND = `mutation($input: SendMessageInput!) { sendMessage(input: $input) { __typename ... on UserError { message } } }`;
const EVENTS = documentOf('subscription', 'ConversationEvents');

export async function startTalk(settings: Record<string, string> = {}): Promise<Talk> {
  const model = await startProcess(join(import.meta.dirname, 'model.ts'), process.env);
  const system = await startBenchSystem({
    ...NO_LIMITS,
    SUBSCRIPTIONS_PER_SOCKET: '0',
    SUBSCRIBES_PER_SOCKET: '0',
    OPENAI_BASE_URL: model.url,
    ...settings,
  });
  return {
    system,
    model,
    async stop() {
      await system.stop();
      await model.stop();
    },
  };
}

/** A conversation at HUMAN pace with one listener that checks what it hears. */
export class Conversation {
  readonly id: string;
  /** Events heard. */
  events = 0;
  readonly faults: string[] = [];
  #offset = 0;
  readonly #waiting = new Map<string, () => void>();
  readonly #system: BenchSystem;

  static async openMany(system: BenchSystem, count: number): Promise<Conversation[]> {
    const ids = await createConversations(system.url, count, 'HUMAN');
    return ids.map((id) => new Conversation(system, id));
  }

  private constructor(system: BenchSystem, id: string) {
    this.id = id;
    this.#system = system;
    system.listen(EVENTS, { conversationId: id, after: null }, (event) => this.#hear(event));
  }

  /** Sends a message, again where the service was too busy to store it. Resolves when it is accepted. */
  async send(text: string, tries = MOST_TRIES): Promise<void> {
    const { sendMessage } = await this.#system.request<{ sendMessage: Sent }>(SEND, {
      input: { conversationId: this.id, text },
    });
    if (sendMessage.__typename === 'SendMessageSuccess') return;
    if (sendMessage.__typename !== 'UnavailableError' || tries <= 1)
      throw new Error(`${sendMessage.__typename}: ${sendMessage.message}`);
    await delay(AGAIN_MS);
    return this.send(text, tries - 1);
  }

  /** Resolves when the next event of a type is heard. */
  next(type: string): Promise<void> {
    return new Promise((resolve) => this.#waiting.set(type, resolve));
  }

  #hear({ __typename, text = '', offset = 0 }: Heard): void {
    this.events += 1;
    if (__typename === 'TurnStarted') this.#offset = 0;
    if (__typename === 'TurnFailed') this.faults.push('a turn failed');
    if (__typename === 'TurnTextAdded') {
      if (offset !== this.#offset) this.faults.push(`offset ${offset} instead of ${this.#offset}`);
      this.#offset = offset + text.length;
    }
    this.#waiting.get(__typename)?.();
    this.#waiting.delete(__typename);
  }
}

interface Heard {
  __typename: string;
  text?: string;
  offset?: number;
}

interface Sent {
  __typename: string;
  message?: string;
}
