import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { createYoga } from 'graphql-yoga';

/** A subgraph of a third party: it has its own `PageInfo` and `node`, and tickets that refer to conversations. */
export const TICKETS = /* GraphQL */ `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.0", import: ["@key", "@shareable"])

  scalar DateTime
  interface Node { id: ID! }
  type PageInfo @shareable {
    hasNextPage: Boolean!
    hasPreviousPage: Boolean!
    startCursor: String
    endCursor: String
  }
  type Query {
    node(id: ID!): Node
    tickets(conversationIds: [ID!]!): TicketConnection!
  }
  type TicketConnection { nodes: [Ticket!]! pageInfo: PageInfo! }
  type Ticket implements Node @key(fields: "id") { id: ID! openedAt: DateTime! conversation: Conversation }
  extend type Conversation @key(fields: "id") { id: ID! ticket: Ticket! }
`;

const ticketOf = (id) => ({
  __typename: 'Ticket',
  id: `ticket of ${id}`,
  openedAt: '2026-11-30T00:00:00.000Z',
  conversation: { __typename: 'Conversation', id },
});

/** The subgraph, as a request handler for Node's HTTP server. */
export function serveTickets() {
  const resolvers = {
    Query: {
      node: (_root, { id }) => ticketOf(id.slice('ticket of '.length)),
      tickets: (_root, { conversationIds }) => ({
        nodes: conversationIds.map(ticketOf),
        pageInfo: { hasNextPage: false, hasPreviousPage: false },
      }),
    },
    Node: { __resolveType: () => 'Ticket' },
    Ticket: { __resolveReference: ({ id }) => ticketOf(id.slice('ticket of '.length)) },
    Conversation: { ticket: ({ id }) => ticketOf(id) },
  };
  const schema = buildSubgraphSchema({ typeDefs: parse(TICKETS), resolvers });
  return createYoga({ schema, logging: false, maskedErrors: false });
}
