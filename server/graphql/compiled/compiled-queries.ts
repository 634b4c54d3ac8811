import { type ASTNode, type DocumentNode, Kind, visit } from 'graphql';
import { CompiledQuery } from './compiled-query.ts';
import type { Operation } from './compiler.ts';
import { Shapes } from './shapes.ts';

/** The compiled queries, one for all operations whose document, and whose variables in `@skip` and `@include`, are the same. */
export class CompiledQueries {
  readonly #shapes = new Shapes<CompiledQuery>(variablesOfDirectives);

  /** Null: the executor alone can run this operation. */
  of(operation: Operation): CompiledQuery | null {
    return this.#shapes.of(operation, () => CompiledQuery.compile(operation));
  }
}

/** The names of the variables in arguments of directives. */
function variablesOfDirectives(document: DocumentNode): string[] {
  const names = new Set<string>();
  const addAll = (directive: ASTNode) =>
    visit(directive, {
      enter(node: ASTNode) {
        if (node.kind === Kind.VARIABLE) names.add(node.name.value);
      },
    });
  visit(document, {
    enter(node: ASTNode) {
      if (node.kind === Kind.DIRECTIVE) addAll(node);
    },
  });
  return [...names];
}
