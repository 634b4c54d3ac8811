import type { Tracer } from '@opentelemetry/api';
import type { GraphQLSchema } from 'graphql';
import { createYoga } from 'graphql-yoga';
import type { Config } from '../core/config/config.ts';
import type { Log } from '../core/telemetry/log.ts';
import type { Metrics } from '../core/telemetry/metrics.ts';
import {
  type CallContext,
  createContext,
  type GraphQLContext,
  type GraphQLServer,
  type Services,
} from './graphql/context.ts';
import type { DocumentTurns } from './graphql/documents/document-turns.ts';
import type { Documents } from './graphql/documents/documents.ts';
import { MAX_MESSAGE_BYTES } from './graphql/limits.ts';
import { maskError } from './graphql/mask-error.ts';
import type { PersistedOperations } from './graphql/persisted-operations.ts';
import { refusalCause } from './graphql/refusal-cause.ts';
import type { CallersShares } from './limits/callers-shares.ts';
import type { Refusals } from './limits/refusals.ts';
import { useAcceptableSubscriptions } from './plugins/use-acceptable-subscriptions.ts';
import { useCallersShare } from './plugins/use-callers-share.ts';
import { useCompiledQueries } from './plugins/use-compiled-queries.ts';
import { useDocuments } from './plugins/use-documents.ts';
import { useErrorCodes } from './plugins/use-error-codes.ts';
import { useHiddenSchema } from './plugins/use-hidden-schema.ts';
import { useLargeResults } from './plugins/use-large-results.ts';
import { useMetrics } from './plugins/use-metrics.ts';
import { useNodesConnection } from './plugins/use-nodes-connection.ts';
import { useOperationLimits } from './plugins/use-operation-limits.ts';
import { usePacedMutations } from './plugins/use-paced-mutations.ts';
import { useResponseLifetime } from './plugins/use-response-lifetime.ts';
import { useResponseLimit } from './plugins/use-response-limit.ts';
import { useResumableErrors } from './plugins/use-resumable-errors.ts';
import { useSingleConnection } from './plugins/use-single-connection.ts';
import { useStreams } from './plugins/use-streams.ts';
import { useStrictRequests } from './plugins/use-strict-requests.ts';
import { useSubscriptionLimits } from './plugins/use-subscription-limits.ts';
import { useTracing } from './plugins/use-tracing.ts';
import { useUnconditionalSubscriptions } from './plugins/use-unconditional-subscriptions.ts';
import { useUnreadResults } from './plugins/use-unread-results.ts';
import type { UnreadBytes } from './transport/unread-bytes.ts';

/** How the callers of a server share its time. */
export interface Sharing {
  shares: CallersShares;
  turns: DocumentTurns;
}

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
  limits: Pick<Config, 'responseMaxBytes' | 'callerMaxUnreadBytes'>;
  documents: Documents;
  refusals: Pick<Refusals, 'count'>;
  /** Null: no caller has to share. */
  sharing: Sharing | null;
  unread: Pick<UnreadBytes, 'of' | 'track'>;
}): GraphQLServer {
  const { schema, services, persisted, metrics, tracer, log, hasIntrospection, limits, unread } = options;
  const { documents, sharing, refusals } = options;
  return createYoga<Record<string, unknown>, GraphQLContext>({
    schema,
    graphqlEndpoint: '/graphql',
    landingPage: false,
    // The transport says which pages of other origins may call (transport/cors.ts).
    cors: false,
    multipart: false,
    maxRequestBodySize: MAX_MESSAGE_BYTES,
    // useDocuments has its own, bounded in bytes.
    parserAndValidationCache: false,
    // The transport adds the caller to what Yoga passes on.
    context: (initial) =>
      createContext(services, initial as unknown as CallContext, limits.responseMaxBytes, initial.request),
    // The transport serves its page (transport/graphiql.ts).
    graphiql: false,
    plugins: [
      useCompiledQueries(),
      useMetrics(metrics, log),
      useOperationLimits(),
      usePacedMutations(),
      ...(sharing ? [useCallersShare(sharing.shares)] : []),
      useTracing(tracer),
      useStrictRequests(persisted),
      useSingleConnection(),
      useNodesConnection(),
      useLargeResults(unread),
      useStreams(),
      useDocuments(documents, sharing?.turns ?? null, refusals),
      useUnconditionalSubscriptions(),
      ...(hasIntrospection ? [] : [useHiddenSchema()]),
      useAcceptableSubscriptions(),
      useSubscriptionLimits(),
      useResponseLifetime(),
      useResponseLimit(limits, unread, refusals),
      useErrorCodes(),
      useResumableErrors(),
      useUnreadResults(),
    ],
    maskedErrors: { errorMessage: 'Something went wrong on our side.', maskError },
    logging: {
      debug: (...args) => log.debug({ args }, 'graphql'),
      info: (...args) => log.debug({ args }, 'graphql'),
      warn: (...args) => log.warn({ said: args.filter((arg) => typeof arg === 'string') }, 'graphql'),
      error: (...args) => {
        const err = args.find((arg) => arg instanceof Error);
        // A refusal has the line of its operation.
        const level = err && refusalCause(err) ? 'debug' : 'error';
        log[level]({ err, args: args.length }, 'graphql');
      },
    },
  });
}
