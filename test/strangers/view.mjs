import { CONVERSATION } from './operations.mjs';

/** What a program shows of a conversation: the text of each message and of the answer being spoken, by id. */
export class View {
  texts = new Map();
  #load;
  #tail = Promise.resolve();

  /** `load` returns the conversation with the fields of `CONVERSATION`. */
  constructor(load) {
    this.#load = load;
  }

  /** Handles the event after those before it. Resolves when it is shown; rejects when loading fails. */
  handle(event) {
    this.#tail = this.#tail.then(() => this.#apply(event));
    return this.#tail;
  }

  // #region view
  async #apply(event) {
    const { texts } = this;
    switch (event.__typename) {
      case 'MessageAdded':
      case 'TurnCompleted':
        return texts.set(event.message.id, event.message.content);
      case 'TurnStarted':
        return texts.set(event.turnId, '');
      case 'TurnTextAdded':
        return texts.set(event.turnId, (texts.get(event.turnId) ?? '').slice(0, event.offset) + event.text);
      case 'TurnInterrupted':
      case 'TurnFailed':
        return event.partial ? texts.set(event.turnId, event.partial.content) : texts.delete(event.turnId);
      case 'BranchSelected':
      case 'FeedReset': {
        const { messages, activeTurn } = (await this.#load()).conversation;
        texts.clear();
        for (const { id, content } of messages.nodes) texts.set(id, content);
        if (activeTurn) texts.set(activeTurn.turnId, activeTurn.text);
      }
    }
  }
  // #endregion
}

/** Loads the conversation with a client's own way of querying. */
export function loader(client, id) {
  return () => client.request(CONVERSATION, { id });
}
