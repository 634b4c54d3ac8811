import { type ASTNode, type DocumentNode, Kind, visit } from 'graphql';
import type { Operation } from '../compiled/compiler.ts';
import { Shapes } from '../compiled/shapes.ts';
import type { GraphQLContext } from '../context.ts';
import { Projection } from './projection.ts';

/**
 * The projections of subscriptions, one for all callers whose document, and whose variables inside the selection, are the
 * same. So what they write must not depend on the caller: their resolvers see of the context only {@link SHARED}.
 */
export class Projections {
  readonly #shapes = new Shapes<Projection>(variablesIn);

  /** Null: the executor alone can run this operation. */
  of(operation: Operation, context: GraphQLContext): Projection | null {
    return this.#shapes.of(operation, () => Projection.compile(operation, sharedPartOf(context)));
  }
}

/** What is the same for every caller. */
const SHARED: readonly string[] = ['models'] satisfies (keyof GraphQLContext)[];
/** What is not there, so that fields do not count their size: the transport bounds the whole. */
const ABSENT: readonly string[] = ['resultSize'] satisfies (keyof GraphQLContext)[];

/** The context without what is a caller's own, which throws when it is read. */
function sharedPartOf(context: GraphQLContext): object {
  const part = {};
  for (const [key, value] of Object.entries(context)) {
    if (ABSENT.includes(key)) continue;
    const get = () => {
      if (SHARED.includes(key)) return value;
      throw new Error(`${key} is not the same for every caller`);
    };
    Object.defineProperty(part, key, { get });
  }
  return part;
}

/** The names of the variables that are used anywhere but in arguments of the operation's own fields. */
function variablesIn(document: DocumentNode): string[] {
  const names = new Set<string>();
  const enter = (node: ASTNode) => {
    if (node.kind === Kind.VARIABLE) names.add(node.name.value);
  };
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) visit(definition, { enter });
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    for (const selection of definition.selectionSet.selections)
      visit(selection.kind === Kind.FIELD ? { ...selection, arguments: [] } : selection, { enter });
  }
  return [...names];
}
