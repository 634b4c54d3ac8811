import { type FieldNode, type GraphQLResolveInfo, Kind, type SelectionSetNode } from 'graphql';

/** Whether a field's selection asks for any of these fields, directly or in a fragment. */
export function selects(
  info: GraphQLResolveInfo,
  path: readonly string[],
  names: readonly string[],
): boolean {
  let fields: readonly FieldNode[] = info.fieldNodes;
  for (const name of path) {
    fields = fields
      .flatMap((field) => fieldsOf(field.selectionSet, info))
      .filter((field) => field.name.value === name);
  }
  return fields
    .flatMap((field) => fieldsOf(field.selectionSet, info))
    .some((field) => names.includes(field.name.value));
}

function fieldsOf(selectionSet: SelectionSetNode | undefined, info: GraphQLResolveInfo): FieldNode[] {
  return (selectionSet?.selections ?? []).flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection];
    if (selection.kind === Kind.INLINE_FRAGMENT) return fieldsOf(selection.selectionSet, info);
    return fieldsOf(info.fragments[selection.name.value]?.selectionSet, info);
  });
}
