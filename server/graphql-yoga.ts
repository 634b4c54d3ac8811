import type { Tracer } from '@opentelemetry/api';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import { createLRUCache, createYoga } from 'graphql-yoga';
import type { Log } from '../core/telemetry/log.ts';
import type { Metrics } from '../core/telemetry/metrics.ts';
import {
  type CallContext,
  createContext,
  type GraphQLContext,
  type GraphQLServer,
  type Services,
} from './graphql/context.ts';
import { MAX_MESSAGE_BYTES } from './graphql/limits.ts';
import { maskError } from './graphql/mask-error.ts';
import type { PersistedOperations } from './graphql/persisted-operations.ts';
import { useAcceptableSubscriptions } from './plugins/use-acceptable-subscriptions.ts';
import { useErrorCodes } from './plugins/use-error-codes.ts';
import { useHiddenSchema } from './plugins/use-hidden-schema.ts';
import { useMetrics } from './plugins/use-metrics.ts';
import { useNodesConnection } from './plugins/use-nodes-connection.ts';
import { useOperationLimits } from './plugins/use-operation-limits.ts';
import { usePacedMutations } from './plugins/use-paced-mutations.ts';
import { useParserLimits } from './plugins/use-parser-limits.ts';
import { useResponseLifetime } from './plugins/use-response-lifetime.ts';
import { useResumableErrors } from './plugins/use-resumable-errors.ts';
import { useSingleConnection } from './plugins/use-single-connection.ts';
import { useStreams } from './plugins/use-streams.ts';
import { useStrictRequests } from './plugins/use-strict-requests.ts';
import { useSubscriptionLimits } from './plugins/use-subscription-limits.ts';
import { useTracing } from './plugins/use-tracing.ts';
import { useUnconditionalSubscriptions } from './plugins/use-unconditional-subscriptions.ts';
import { useUnreadResults } from './plugins/use-unread-results.ts';

/** The GraphQL engine of a server, which runs the operations of every transport. */
export function createGraphQL(options: {
  schema: GraphQLSchema;
  services: Services;
  persisted: PersistedOperations;
  metrics: Metrics;
  tracer: Tracer;
  log: Log;
  /** Whether callers may ask for the schema. */
  hasIntrospection: boolean;
}): GraphQLServer {
  const { schema, services, persisted, metrics, tracer, log, hasIntrospection } = options;
  return createYoga<Record<string, unknown>, GraphQLContext>({
    schema,
    graphqlEndpoint: '/graphql',
    landingPage: false,
    // The transport says which pages of other origins may call (transport/cors.ts).
    cors: false,
    multipart: false,
    maxRequestBodySize: MAX_MESSAGE_BYTES,
    parserAndValidationCache: boundedCaches(),
    // The transport adds the caller to what Yoga passes on.
    context: (initial) => createContext(services, initial as unknown as CallContext, initial.request),
    // The transport serves its page (transport/graphiql.ts).
    graphiql: false,
    plugins: [
      useMetrics(metrics, log),
      useOperationLimits(),
      usePacedMutations(),
      useTracing(tracer),
      useStrictRequests(persisted),
      useSingleConnection(),
      useNodesConnection(),
      useStreams(),
      useParserLimits(),
      useUnconditionalSubscriptions(),
      ...(hasIntrospection ? [] : [useHiddenSchema()]),
      useAcceptableSubscriptions(),
      useSubscriptionLimits(),
      useResponseLifetime(),
      useErrorCodes(),
      useResumableErrors(),
      useUnreadResults(),
    ],
    maskedErrors: { errorMessage: 'Something went wrong on our side.', maskError },
    logging: {
      debug: (...args) => log.debug({ args }, 'graphql'),
      info: (...args) => log.debug({ args }, 'graphql'),
      warn: (...args) => log.warn({ said: args.filter((arg) => typeof arg === 'string') }, 'graphql'),
      error: (...args) =>
        log.error({ err: args.find((arg) => arg instanceof Error), args: args.length }, 'graphql'),
    },
  });
}

/** Caches of parsed and validated documents, bounded so that a caller's many documents cannot fill the memory. */
function boundedCaches() {
  return {
    documentCache: createLRUCache<DocumentNode>({ max: DOCUMENTS_CACHED }),
    errorCache: createLRUCache<Error>({ max: DOCUMENTS_CACHED }),
  };
}

const DOCUMENTS_CACHED = 200;
