import {
  astFromValue,
  type GraphQLArgument,
  type GraphQLEnumValue,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLSchema,
  type GraphQLType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
  isUnionType,
  print,
} from 'graphql';

const INTRODUCTION = `# API reference

Printed from [schema.graphql](../schema.graphql) by \`npm run generate\`. What the schema cannot say (transports, the order of events, guarantees, limits) is in [protocol.md](protocol.md).`;

/** A schema as one page of Markdown: its operations, then its types by kind, each ordered by name. */
export function apiReference(schema: GraphQLSchema): string {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const types = Object.values(schema.getTypeMap())
    .filter((type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type))
    .filter((type) => !roots.some((root) => root === type))
    .toSorted(byName);
  const operations = roots.flatMap((root) => {
    if (!root) return [];
    const fields = Object.values(root.getFields()).toSorted(byName);
    return [section(`${root.name} operations`, fields, (field) => operation(root.name.toLowerCase(), field))];
  });
  return `${[
    INTRODUCTION,
    ...operations,
    section('Interfaces', types.filter(isInterfaceType), (type) =>
      described(
        type,
        sentence('Implemented by', schema.getPossibleTypes(type)),
        fieldTable(type.getFields()),
      ),
    ),
    section('Objects', types.filter(isObjectType), (type) =>
      described(type, sentence('Implements', type.getInterfaces()), fieldTable(type.getFields())),
    ),
    section('Unions', types.filter(isUnionType), (type) =>
      described(type, sentence('One of', type.getTypes())),
    ),
    section('Inputs', types.filter(isInputObjectType), (type) =>
      described(type, valueTable('field', Object.values(type.getFields()))),
    ),
    section('Enums', types.filter(isEnumType), (type) => described(type, enumTable(type.getValues()))),
    section('Scalars', types.filter(isScalarType), (type) =>
      described(type, type.specifiedByURL ? `Specified by <${type.specifiedByURL}>.` : ''),
    ),
  ].join('\n\n')}\n`;
}

function section<T>(title: string, items: readonly T[], show: (item: T) => string): string {
  return [`## ${title}`, ...items.map(show)].join('\n\n');
}

/** The heading contains the kind, as `conversation` and `Conversation` would have the same anchor. */
function operation(kind: string, { name, description, args, type }: GraphQLField<unknown, unknown>): string {
  const named = getNamedType(type);
  const members = isUnionType(named) ? `: one of ${named.getTypes().map(link).join(', ')}` : '';
  return paragraphs(
    `### ${kind} ${name}`,
    description,
    valueTable('argument', args),
    `Returns ${reference(type)}${members}.`,
  );
}

function described({ name, description }: GraphQLNamedType, ...rest: string[]): string {
  return paragraphs(`### ${name}`, description, ...rest);
}

function sentence(words: string, types: readonly GraphQLNamedType[]): string {
  return types.length === 0 ? '' : `${words} ${types.toSorted(byName).map(link).join(', ')}.`;
}

function fieldTable(fields: Record<string, GraphQLField<unknown, unknown>>): string {
  const rows = Object.values(fields)
    .toSorted(byName)
    .map(({ name, args, type, ...field }) => {
      const given = args.map((arg) => `\`${arg.name}\`: ${reference(arg.type)}`).join(', ');
      return [`\`${name}\`${given && ` (${given})`}`, reference(type), meaning(field)];
    });
  return table(['field', 'type', 'meaning'], rows);
}

function valueTable(title: string, values: readonly (GraphQLArgument | GraphQLInputField)[]): string {
  const rows = values.toSorted(byName).map(({ name, type, defaultValue, ...value }) => {
    const preset = defaultValue === undefined ? null : astFromValue(defaultValue, type);
    return [`\`${name}\``, `${reference(type)}${preset ? ` = \`${print(preset)}\`` : ''}`, meaning(value)];
  });
  return table([title, 'type', 'meaning'], rows);
}

function enumTable(values: readonly GraphQLEnumValue[]): string {
  return table(
    ['value', 'meaning'],
    values.toSorted(byName).map((value) => [`\`${value.name}\``, meaning(value)]),
  );
}

function meaning({
  description,
  deprecationReason,
}: Pick<GraphQLEnumValue, 'description' | 'deprecationReason'>): string {
  return [description, deprecationReason && `**Deprecated:** ${deprecationReason}`].filter(Boolean).join(' ');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll(/\s*\n\s*/g, ' ').replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

/** A type in the schema's notation, with a link to its heading. */
function reference(type: GraphQLType): string {
  const { name } = getNamedType(type);
  return String(type).replace(name, link(getNamedType(type)));
}

function link(type: GraphQLNamedType): string {
  return isSpecifiedScalarType(type) ? type.name : `[${type.name}](#${type.name.toLowerCase()})`;
}

function paragraphs(...parts: (string | null | undefined)[]): string {
  return parts.filter(Boolean).join('\n\n');
}

function byName(one: { name: string }, other: { name: string }): number {
  return one.name < other.name ? -1 : 1;
}
