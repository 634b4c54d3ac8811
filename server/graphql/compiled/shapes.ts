import type { DocumentNode } from 'graphql';
import type { Operation } from './compiler.ts';

/** How many shapes of one document are kept: operations in it, and values of variables on which what is compiled depends. */
const MOST_SHAPES = 16;

/** What was compiled of documents, as long as they are known: one of each for all operations of the same shape. */
export class Shapes<Compiled> {
  readonly #variablesIn: (document: DocumentNode) => readonly string[];
  readonly #documents = new WeakMap<DocumentNode, Known<Compiled>>();

  /** `variablesIn`: the names of the variables on whose values what is compiled depends. */
  constructor(variablesIn: (document: DocumentNode) => readonly string[]) {
    this.#variablesIn = variablesIn;
  }

  /** `compile` is called for a shape that is not known; null: the executor alone can run it. */
  of(operation: Operation, compile: () => Compiled | null): Compiled | null {
    const { document, operationName = null, variableValues } = operation;
    let known = this.#documents.get(document);
    if (!known) {
      known = { variables: this.#variablesIn(document), shapes: new Map() };
      this.#documents.set(document, known);
    }
    const given = known.variables.filter((name) => variableValues && name in variableValues);
    const shape = JSON.stringify([operationName, given.map((name) => [name, variableValues?.[name]])]);
    const found = known.shapes.get(shape);
    if (found !== undefined) return found;
    const compiled = compile();
    if (known.shapes.size < MOST_SHAPES) known.shapes.set(shape, compiled);
    return compiled;
  }
}

interface Known<Compiled> {
  variables: readonly string[];
  shapes: Map<string, Compiled | null>;
}
