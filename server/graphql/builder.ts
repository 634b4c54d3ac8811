import SchemaBuilder from '@pothos/core';
import ComplexityPlugin from '@pothos/plugin-complexity';
import ErrorsPlugin from '@pothos/plugin-errors';
import PrismaPlugin from '@pothos/plugin-prisma';
import RelayPlugin from '@pothos/plugin-relay';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import { DateTimeResolver, UUIDResolver } from 'graphql-scalars';
import type PrismaTypes from '../../generated/pothos-types.ts';
import { getDatamodel } from '../../generated/pothos-types.ts';
import { type AuthScopes, authScopesOf, forbidden } from './auth-scopes.ts';
import { badInput } from './bad-input.ts';
import type { GraphQLContext } from './context.ts';
import { fromNodeId, toNodeId } from './ids.ts';
import { OPERATION_LIMITS, tooComplex } from './limits.ts';
import MutationLimitsPlugin from './mutation-limits.ts';
import { recordFailure } from './operation-outcome.ts';

/** The assumed length of a list when the caller does not say how many. */
const DEFAULT_PAGE = 20;

export interface SchemaTypes {
  Context: GraphQLContext;
  AuthScopes: AuthScopes;
  DefaultAuthStrategy: 'all';
  PrismaTypes: PrismaTypes;
  DefaultFieldNullability: false;
  DefaultNodeNullability: false;
  DefaultEdgesNullability: { list: false; items: false };
  Scalars: {
    ID: { Input: string; Output: string };
    DateTime: { Input: Date; Output: Date };
    UUID: { Input: string; Output: string };
    /** An entity as a gateway names it; only in a subgraph (subgraph.ts). */
    _Any: { Input: unknown; Output: unknown };
  };
}

export const builder = new SchemaBuilder<SchemaTypes>({
  // The first runs first: nothing is done for a caller who may not.
  plugins: [ScopeAuthPlugin, ErrorsPlugin, MutationLimitsPlugin, ComplexityPlugin, RelayPlugin, PrismaPlugin],
  defaultFieldNullability: false,
  scopeAuth: {
    authScopes: ({ viewer }) => authScopesOf(viewer),
    defaultStrategy: 'all',
    authorizeOnSubscribe: true,
    unauthorizedError: (_root, _context, _info, { failure }) => forbidden(failure),
  },
  complexity: {
    defaultComplexity: 1,
    defaultListMultiplier: DEFAULT_PAGE,
    limit: OPERATION_LIMITS,
    complexityError: tooComplex,
  },
  errors: {
    directResult: true,
    onResolvedError: recordFailure,
    defaultUnionOptions: {
      name: ({ fieldName }) => `${capitalized(fieldName)}Result`,
      description:
        'The success, or an error that the caller can act on. More errors may be added, each a UserError: have a default branch.',
    },
  },
  prisma: {
    // Rows are read by core/store alone: the plugin gives their types.
    client: () => {
      throw new Error('rows are read by core/store');
    },
    dmmf: getDatamodel(),
    onUnusedQuery: null,
  },
  relay: {
    encodeGlobalID: (type, id) => toNodeId(type, String(id)),
    decodeGlobalID(nodeId) {
      const node = fromNodeId(nodeId);
      if (!node) throw badInput('id', 'not an id of this server');
      return { typename: node.type, id: node.id };
    },
    cursorType: 'String',
    nodeQueryOptions: false,
    nodesQueryOptions: false,
    nodeTypeOptions: { description: 'Anything that can be fetched again by its id.' },
    idFieldOptions: { description: 'Opaque, and unique among all types.' },
    pageInfoTypeOptions: {
      description: 'The position of a page in its list (Relay Cursor Connections Specification).',
    },
    hasNextPageFieldOptions: { description: 'Whether there is more after `endCursor`.' },
    hasPreviousPageFieldOptions: { description: 'Whether there is more before `startCursor`.' },
    startCursorFieldOptions: { description: 'The cursor of the first edge; null when the page is empty.' },
    endCursorFieldOptions: { description: 'The cursor of the last edge; null when the page is empty.' },
    cursorFieldOptions: { description: 'Opaque; pass it as `after` or `before`.' },
    nodeFieldOptions: { description: 'The item at this place of the list.', nullable: false },
    edgesFieldOptions: {
      description: 'The items of the page in order, each with its cursor.',
      nullable: { list: false, items: false },
    },
    nodesOnConnection: {
      description: 'The items of the page in order, without their cursors.',
    },
    pageInfoFieldOptions: { description: 'The position of the page in its list.' },
    firstArgOptions: {
      description:
        'How many items, from the start or after `after`: 0 to 100. 20 if neither `first` nor `last` is given.',
    },
    afterArgOptions: { description: 'Only items after this cursor (exclusive).' },
    lastArgOptions: {
      description: 'How many items, from the end or before `before`: 0 to 100. Not together with `first`.',
    },
    beforeArgOptions: { description: 'Only items before this cursor (exclusive).' },
  },
});

builder.addScalarType('DateTime', DateTimeResolver, {
  description: 'An RFC 3339 date-time in UTC, such as `2026-11-26T09:30:00.000Z`.',
  specifiedByURL: 'https://scalars.graphql.org/andimarek/date-time.html',
});
builder.addScalarType('UUID', UUIDResolver, {
  description: 'A UUID of RFC 9562, in any case; it is returned in lower case.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc9562',
});
builder.queryType({ description: 'Everything that a caller can read.' });
builder.mutationType({
  description:
    'Everything that a caller can do. Each mutation returns its success or, as data, an error that the caller can act on; every such error implements `UserError`.',
});
builder.subscriptionType({ description: 'Everything that a caller can follow as it happens.' });

function capitalized(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
