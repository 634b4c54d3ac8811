import { getOperationAST, getVariableValues } from 'graphql';
import { Compiler, LEFT, type Operation, type Run, type Write } from '../compiled/compiler.ts';

/**
 * What a subscription selects of its events, compiled: it writes the result of an event as JSON. Promises are left to the
 * executor, too.
 */
export class Projection {
  readonly #head: string;
  readonly #write: Write;
  readonly #run: Run;
  #event: unknown;
  #json: string | null = null;

  private constructor(responseName: string, write: Write, run: Run) {
    this.#head = `{"data":{${JSON.stringify(responseName)}:`;
    this.#write = write;
    this.#run = run;
  }

  /**
   * Null: the executor alone can run this operation. `context`: what every caller's resolvers see in the same way. Anything
   * else must throw when it is read. The resolver of the field itself is not called: it must return the event.
   */
  static compile(args: Operation, context: object): Projection | null {
    const operation = getOperationAST(args.document, args.operationName);
    if (operation?.operation !== 'subscription') return null;
    const given = { ...args.variableValues };
    const { coerced } = getVariableValues(args.schema, operation.variableDefinitions ?? [], given);
    const compiler = coerced && Compiler.of(args, coerced, true);
    if (!compiler) return null;
    try {
      const [root, ...others] = compiler.root();
      if (!root?.field || others.length > 0) return null;
      return new Projection(root.responseName, root.write, { context, variables: coerced, later });
    } catch {
      return null;
    }
  }

  /**
   * The result of an event; null: it is left to the executor. An event that comes to many listeners is written once: what is
   * written of the newest is kept.
   */
  write(event: object): string | null {
    if (event === this.#event) return this.#json;
    this.#event = event;
    try {
      const written = this.#write(event, this.#run);
      this.#json = typeof written === 'string' ? `${this.#head}${written}}}` : null;
    } catch {
      this.#json = null;
    }
    return this.#json;
  }
}

function later(): never {
  throw LEFT;
}
