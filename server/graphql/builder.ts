import SchemaBuilder from '@pothos/core';
import ComplexityPlugin from '@pothos/plugin-complexity';
import ErrorsPlugin from '@pothos/plugin-errors';
import PrismaPlugin from '@pothos/plugin-prisma';
import RelayPlugin from '@pothos/plugin-relay';
import { DateTimeResolver, UUIDResolver } from 'graphql-scalars';
import type PrismaTypes from '../../generated/pothos-types.ts';
import { getDatamodel } from '../../generated/pothos-types.ts';
import type { GraphQLContext } from './context.ts';
import { OPERATION_LIMITS, tooComplex } from './limits.ts';
import { noteFailure } from './told-failures.ts';

/** What a list is taken to hold when the caller does not say. */
const DEFAULT_PAGE = 20;

export interface SchemaTypes {
  Context: GraphQLContext;
  PrismaTypes: PrismaTypes;
  DefaultFieldNullability: false;
  DefaultNodeNullability: false;
  DefaultEdgesNullability: { list: false; items: false };
  Scalars: {
    ID: { Input: string; Output: string };
    DateTime: { Input: Date; Output: Date };
    UUID: { Input: string; Output: string };
  };
}

export const builder = new SchemaBuilder<SchemaTypes>({
  plugins: [ErrorsPlugin, ComplexityPlugin, RelayPlugin, PrismaPlugin],
  defaultFieldNullability: false,
  complexity: {
    defaultComplexity: 1,
    defaultListMultiplier: DEFAULT_PAGE,
    limit: OPERATION_LIMITS,
    complexityError: tooComplex,
  },
  errors: {
    directResult: true,
    onResolvedError: noteFailure,
    defaultUnionOptions: { name: ({ fieldName }) => `${capitalized(fieldName)}Result` },
  },
  prisma: {
    // Each operation brings its own client in its context; building the schema needs none.
    client: (context) => context.prisma,
    dmmf: getDatamodel(),
    onUnusedQuery: null,
  },
  relay: {
    cursorType: 'String',
    nodeQueryOptions: false,
    nodesQueryOptions: false,
    nodeTypeOptions: { description: 'Anything that can be fetched again by its id.' },
    idFieldOptions: { description: 'Opaque and unique among all types.' },
    pageInfoTypeOptions: {
      description: 'Where a page stands in its list (Relay Cursor Connections Specification).',
    },
    hasNextPageFieldOptions: { description: 'Whether there is more after `endCursor`.' },
    hasPreviousPageFieldOptions: { description: 'Whether there is more before `startCursor`.' },
    startCursorFieldOptions: { description: 'The cursor of the first edge; null when the page is empty.' },
    endCursorFieldOptions: { description: 'The cursor of the last edge; null when the page is empty.' },
    cursorFieldOptions: { description: 'Opaque; pass it as `after` or `before`.' },
    nodeFieldOptions: { description: 'The thing itself.', nullable: false },
    edgesFieldOptions: { description: 'The page, in order.', nullable: { list: false, items: false } },
    pageInfoFieldOptions: { description: 'Where the page stands in the list.' },
    firstArgOptions: { description: 'How many, from the start or after `after`: 1 to 100, 20 unless said.' },
    afterArgOptions: { description: 'Only what comes after this cursor.' },
    lastArgOptions: {
      description: 'How many, from the end or before `before`: 1 to 100. Not together with `first`.',
    },
    beforeArgOptions: { description: 'Only what comes before this cursor.' },
  },
});

builder.addScalarType('DateTime', DateTimeResolver, { description: 'RFC 3339 date-time in UTC.' });
builder.addScalarType('UUID', UUIDResolver, { description: 'RFC 9562 UUID.' });
builder.queryType({ description: 'What can be read.' });
builder.mutationType({
  description:
    'What can be done. Each answers with its success or with an error that the caller can act on; every error implements `Error`.',
});
builder.subscriptionType({ description: 'What can be followed as it happens.' });

function capitalized(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
