/**
 * Gives every operation on a socket an id of the server's own. A client may reuse an id as soon as it has sent `complete`,
 * while the old operation with that id is still ending; graphql-ws identifies operations only by the client's ids, and
 * would take the end of one for the end of the other.
 *
 * ```
 * client         here                      graphql-ws
 * subscribe X -> X is op1               -> subscribe op1
 * complete X  -> op1 is silent from now -> complete op1
 * subscribe X -> X is op2               -> subscribe op2
 *             <- dropped                <- next op1
 * next X      <- op2 is X               <- next op2
 * ```
 */
export class OperationIds {
  readonly #operations = new Map<string, string>();
  readonly #clientIds = new Map<string, string>();
  readonly #texts = new Map<string, string>();
  #count = 0;

  /**
   * The id of a new operation; null while the client's id is in use. `text`: its document, kept until it is taken, because
   * graphql-ws would keep it as long as the operation runs.
   */
  open(clientId: string, text?: string): string | null {
    if (this.#operations.has(clientId)) return null;
    const operation = `op${++this.#count}`;
    if (text !== undefined) this.#texts.set(operation, text);
    this.#operations.set(clientId, operation);
    this.#clientIds.set(operation, clientId);
    return operation;
  }

  /** The document of an operation, once; undefined: graphql-ws has it. */
  takeText(operation: string): string | undefined {
    const text = this.#texts.get(operation);
    this.#texts.delete(operation);
    return text;
  }

  /** The operation that the client has completed; null when the id is not in use. Its results are dropped from now on. */
  complete(clientId: string): string | null {
    const operation = this.#operations.get(clientId);
    if (operation === undefined) return null;
    this.#release(clientId, operation);
    return operation;
  }

  /**
   * A message of graphql-ws with the client's id; null when the client has completed the operation. The id is replaced
   * without parsing the message, because results can be long and are many: graphql-ws writes the id first.
   */
  outgoing(message: string): string | null {
    const [head, operation = ''] = HEAD.exec(message) ?? [];
    if (head === undefined) return message;
    const clientId = this.#clientIds.get(operation);
    if (clientId === undefined) return null;
    if (!message.startsWith(NEXT, head.length)) this.#release(clientId, operation);
    return `{"id":${JSON.stringify(clientId)}${message.slice(head.length)}`;
  }

  /** A result of an operation, which is JSON, as a message to its client; null when the client has completed the operation. */
  next(operation: string, result: string): string | null {
    const clientId = this.#clientIds.get(operation);
    return clientId === undefined ? null : `{"id":${JSON.stringify(clientId)}${NEXT},"payload":${result}}`;
  }

  #release(clientId: string, operation: string): void {
    this.#operations.delete(clientId);
    this.#clientIds.delete(operation);
  }
}

const HEAD = /^\{"id":"(op\d+)"/;
/** What follows the head of a result. Any other message, `error` or `complete`, is the operation's last. */
const NEXT = ',"type":"next"';
