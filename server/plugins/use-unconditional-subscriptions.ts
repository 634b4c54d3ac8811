import {
  type DirectiveNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type SelectionNode,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';

/**
 * Refuses `@skip` and `@include` at the root of a subscription, as the GraphQL specification of September 2025 does
 * (5.2.4.1, Single Root Field): without its one field there is nothing to subscribe to. The rule of graphql-js 16 throws
 * if the condition is a variable, and accepts a literal, for which the executor then fails.
 */
export function useUnconditionalSubscriptions(): Plugin {
  return {
    onValidate({ params, setResult }) {
      const conditions = conditionsIn(params.documentAST);
      if (conditions.length > 0) setResult([new GraphQLError(MESSAGE, { nodes: conditions })]);
    },
  };
}

const MESSAGE =
  'A subscription must not have @skip or @include at its root: subscribe only when the field is wanted.';

/** The conditions at the roots of a document's subscriptions, including those inside fragments. */
function conditionsIn({ definitions }: DocumentNode): DirectiveNode[] {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const one of definitions) if (one.kind === 'FragmentDefinition') fragments.set(one.name.value, one);
  const conditions: DirectiveNode[] = [];
  const visit = (selections: readonly SelectionNode[]) => {
    for (const selection of selections) {
      conditions.push(...(selection.directives ?? []).filter(isCondition));
      if (selection.kind === 'InlineFragment') visit(selection.selectionSet.selections);
      if (selection.kind === 'FragmentSpread') {
        const fragment = fragments.get(selection.name.value);
        // Each fragment once, because fragments can spread each other.
        fragments.delete(selection.name.value);
        if (fragment) visit(fragment.selectionSet.selections);
      }
    }
  };
  for (const one of definitions)
    if (one.kind === 'OperationDefinition' && one.operation === 'subscription')
      visit(one.selectionSet.selections);
  return conditions;
}

function isCondition({ name }: DirectiveNode): boolean {
  return name.value === 'skip' || name.value === 'include';
}
