import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { App } from '../core/app.ts';
import { isLoopback } from '../core/domain/loopback.ts';
import { prepareAcknowledgements } from '../core/floor/acknowledgement.ts';
import { listen } from '../core/http/listen.ts';
import { metricsWithReadiness } from '../core/http/measured-readiness.ts';
import { operationHandlers } from '../core/http/operator-endpoints.ts';
import { NotReadyError } from '../core/http/readiness.ts';
import { componentLog } from '../core/telemetry/log.ts';
import { Authenticator } from './accounts/authenticator.ts';
import { OwnTokens } from './accounts/own-tokens.ts';
import { People } from './accounts/people.ts';
import { Sessions } from './accounts/sessions.ts';
import { signInWays } from './accounts/sign-in-ways.ts';
import { DocumentTurns } from './graphql/documents/document-turns.ts';
import { Documents } from './graphql/documents/documents.ts';
import { readPersistedOperations } from './graphql/persisted-operations.ts';
import { schema } from './graphql/schema/schema.ts';
import { subgraphSchema } from './graphql/schema/subgraph.ts';
import { createGraphQL } from './graphql-yoga.ts';
import { Budget } from './limits/budget.ts';
import { CallersShares } from './limits/callers-shares.ts';
import { Limits } from './limits/limits.ts';
import { Refusals } from './limits/refusals.ts';
import { openaiDoor } from './openai/door.ts';
import { serveAuth } from './transport/auth.ts';
import { addressReader, proxyCheck } from './transport/caller-address.ts';
import { listOfClient, serveClient } from './transport/client-files.ts';
import { ConnectionLimits } from './transport/connection-limits.ts';
import { DirectQueries } from './transport/direct-queries.ts';
import { serveGraphiql } from './transport/graphiql.ts';
import { knownHosts } from './transport/host.ts';
import { createHttpServer } from './transport/http.ts';
import { UnreadBytes } from './transport/unread-bytes.ts';
import { serveWebSocket } from './transport/websocket.ts';

export interface RunningServer {
  /** Where it listens, such as `http://127.0.0.1:4000`. */
  readonly url: string;
  /** Reports from now on that it is not ready, so that load balancers send no new callers; keeps serving. Idempotent. */
  drain(): void;
  /**
   * Drains for DRAIN_DELAY_MS, then closes every socket with 1001 and lets requests finish for a moment: at most 3.5 s
   * more. Idempotent.
   */
  stop(): Promise<void>;
}

const DRAINING = new NotReadyError([{ part: 'server', reason: 'It is shutting down.' }]);

/** How long requests may still take after the server has closed, in milliseconds. */
const DRAIN_MS = 2_000;

/** From listening to what would make the first call of its kind slow, in milliseconds. */
const WARM_UP_AFTER_MS = 1_000;
/** What a call waits for the warm-up, in milliseconds. */
const WARM_UP_SLICE_MS = 5;

/**
 * Serves the API, GraphiQL, the web client, metrics and health.
 * @throws {StartError} when it cannot listen
 */
export async function startServer(app: App, clientDirectory: string): Promise<RunningServer> {
  const {
    config,
    log,
    group,
    metrics,
    clock,
    feed,
    changes,
    models,
    turns,
    branches,
    conversations,
    presence,
    inferenceJobs,
    inferenceLogs,
    ownRows,
    apiTokens,
    revocations,
    search,
  } = app;
  const accountsLog = componentLog(log, 'accounts');
  const hasPeople = config.authMode === 'accounts';
  const { prisma } = app.database;
  const refusals = new Refusals({ metrics, log: componentLog(log, 'limits') });
  const limits = new Limits({ config, rates: app.rates, refusals });
  const budget = new Budget({ config, usage: app.tokenUsage, refusals, clock });
  const ownTokens = hasPeople ? new OwnTokens(prisma) : null;
  const people = hasPeople ? new People({ config, prisma, revocations, limits, log: accountsLog }) : null;
  const authenticator = new Authenticator({ config, apiTokens, ownTokens });
  const sessions = new Sessions({
    apiTokens,
    ownTokens,
    revocations,
    log: accountsLog,
    spreadMs: config.sessionSpreadMs,
  });
  const accounts = { authenticator, sessions };
  if (config.authMode === 'none' && !isLoopback(config.host))
    accountsLog.warn(
      { host: config.host },
      'AUTH_MODE is none: everyone who reaches this server is its one user, with all rights',
    );
  const services = {
    search,
    limits,
    budget,
    ownRows,
    apiTokens,
    revocations,
    authenticator,
    inferenceLogs,
    clock,
    feed,
    changes,
    models,
    turns,
    branches,
    conversations,
    presence,
    inferenceJobs,
  };
  const persisted = readPersistedOperations(
    config.persistedOperations,
    config.persistedOperationsFile,
    listOfClient(clientDirectory),
  );
  const unread = new UnreadBytes();
  const documents = new Documents(config);
  const shares = new CallersShares(config.queriesPerOwner);
  const sharing =
    config.queriesPerOwner > 0 ? { shares, turns: new DocumentTurns({ documents, shares, limits }) } : null;
  const served = config.federation ? subgraphSchema() : schema;
  const graphql = createGraphQL({
    schema: served,
    services,
    persisted,
    metrics,
    tracer: app.tracing.tracer,
    log: componentLog(log, 'graphql'),
    hasIntrospection: config.introspection,
    limits: config,
    documents,
    sharing,
    refusals,
    unread,
  });
  // Pages at the public address are the server's own, also where a proxy calls it by another name.
  const own = config.authUrl === undefined ? [] : [config.authUrl];
  const callers = {
    hosts: knownHosts(config),
    origins: new Set([...config.allowedOrigins, ...own]),
    addressOf: addressReader(config.trustedProxies),
  };
  const isProxy = proxyCheck(config.trustedProxies);
  const connections = new ConnectionLimits({ limits, addressOf: callers.addressOf, isProxy });
  let drained: Promise<unknown> | null = null;
  const isReady = async () => (drained ? Promise.reject(DRAINING) : app.ready());
  const drain = () => {
    drained ??= delay(config.drainDelayMs);
    return drained;
  };
  const openai = openaiDoor({
    ...{ accounts, limits, budget, models, feed, presence, turns, ownRows, addressOf: callers.addressOf },
    unread,
    ...{ llm: app.llm, modelHealth: app.modelHealth, restMs: config.modelRestMs },
    log: componentLog(log, 'openai'),
  });
  const server = createHttpServer({
    graphql,
    queries: new DirectQueries({ graphql, schema: served, documents, persisted, unread }),
    graphiql: config.graphiql ? serveGraphiql() : null,
    openai,
    operations: operationHandlers({
      ...group.join({
        metrics: () => metricsWithReadiness(metrics, isReady),
        ready: isReady,
      }),
      metricsToken: config.metricsToken,
    }),
    auth: serveAuth({
      ways: signInWays(config),
      people,
      addressOf: callers.addressOf,
      log: accountsLog,
    }),
    client: serveClient(clientDirectory),
    callers,
    accounts,
    unread,
    maxUnread: config.connectionMaxUnreadBytes,
    refusals,
    limits,
    log: componentLog(log, 'graphql'),
    shares: sharing && shares,
    connections,
    times: { headersMs: config.httpHeadersMs, requestMs: config.httpRequestMs },
    isDraining: () => drained !== null,
  });
  const sockets = serveWebSocket({
    server,
    graphql,
    persisted,
    documentTurns: sharing?.turns ?? null,
    callers,
    accounts,
    unread,
    bounds: config,
    refusals,
    limits,
    connections,
    initWithinMs: config.socketInitMs,
    metrics,
    log: componentLog(log, 'ws'),
  });

  const variables = { host: 'HOST', port: 'PORT' };
  const url = await listen(server, { ...config, variables });
  try {
    await people?.open(url);
  } catch (error) {
    server.close();
    server.closeAllConnections();
    throw error;
  }
  let isWarm = false;
  const warmUp = setTimeout(() => warm(), WARM_UP_AFTER_MS).unref();
  /** In slices, between which calls are answered. */
  const warm = () => {
    isWarm ||= prepareAcknowledgements(WARM_UP_SLICE_MS);
    if (!isWarm) setImmediate(warm);
  };
  let stopping: Promise<void> | null = null;
  return {
    url,
    drain: () => void drain(),
    stop: () => {
      stopping ??= (async () => {
        clearTimeout(warmUp);
        isWarm = true;
        await drain();
        const closed = once(server, 'close');
        server.close();
        const late = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
        await sockets.stop();
        server.closeIdleConnections();
        await closed;
        clearTimeout(late);
        sessions.stop();
        await people?.stop();
      })();
      return stopping;
    },
  };
}
