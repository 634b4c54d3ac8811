import { isIP } from 'node:net';
import { PHONE_REGIONS } from '@taskflow/redaction';
import { z } from 'zod';
import { StartError } from '../domain/start-error.ts';
import type { ProxySettings } from '../llm/proxy.ts';
import { isLoopback } from '../loopback.ts';
import { parseRedisUrl } from '../redis/location.ts';
import { bodyFields, headerFields, keyText, modelText, plainText, proxyText } from './model-kinds.ts';

/** The configuration is wrong; the message is one line that names every variable at fault and shows no secret. */
export class ConfigError extends StartError {
  override name = 'ConfigError';
}

/** Everything that the environment decides. Durations are milliseconds. */
export interface Config {
  host: string;
  port: number;
  /** `none`: every caller is the one local user, whatever address the server listens on. */
  authMode: 'none' | undefined;
  /** Names by which the server may be called, beside its own address and those of loopback. Lower case, without port. */
  allowedHosts: readonly string[];
  /** Origins whose pages may call the API, beside the server's own, as browsers send them in `Origin`. */
  allowedOrigins: readonly string[];
  /** Whether the server is a subgraph of a supergraph (Apollo Federation 2). */
  federation: boolean;
  /** Unset: embedded PostgreSQL under `dataDir`. */
  databaseUrl: string | undefined;
  dataDir: string;
  /** Unset: in-process feed, and BullMQ on PostgreSQL. */
  redisUrl: string | undefined;
  /** Before every key, so that several installations can share a Redis. */
  redisPrefix: string;
  openrouterApiKey: string | undefined;
  openaiApiKey: string | undefined;
  openaiBaseUrl: string | undefined;
  /** Sent with every request to a model's server, in place of others of the same name. */
  llmExtraHeaders: Readonly<Record<string, string>> | undefined;
  /** Fields of every request for an answer. */
  llmExtraBody: Readonly<Record<string, unknown>> | undefined;
  /** Unset: the first that is offered. */
  defaultModel: string | undefined;
  modelsFile: string | undefined;
  /** The context length, in tokens, of models whose server does not state one. */
  modelContextTokens: number | undefined;
  /** What an Ollama server was started with, in tokens. */
  ollamaContextLength: number | undefined;
  /** On the way to models' servers. */
  proxy: ProxySettings;
  idleNudgeMs: number;
  idleEndMs: number;
  typingNudgeMs: number;
  llmTimeoutMs: number;
  /** The longest that signs of life, such as keep-alives of a server whose calls wait, put off the time limit. */
  llmMaxWaitMs: number;
  /** How long a model that has failed too often is left alone. */
  modelRestMs: number;
  contextMessages: number;
  tokenWarningThreshold: number;
  /** How many turns a worker speaks at once. */
  turnConcurrency: number;
  /** How many turns of one owner are spoken at once, over all workers; no bound in single-user mode. */
  turnsPerOwner: number;
  /** How long a worker that is told to stop goes on speaking what it speaks. */
  workerGraceMs: number;
  logLevel: LogLevel;
  /** Unset: pretty on a terminal, JSON elsewhere. */
  logFormat: 'pretty' | 'json' | undefined;
  /** Where a worker that runs apart shows its metrics and health; 0: any port that is free. */
  metricsHost: string;
  metricsPort: number;
  /** Who knows it may read /metrics from anywhere. Unset: only this machine may. */
  metricsToken: string | undefined;
  /** Countries whose telephone numbers are told without their calling code, as ISO 3166 has them. */
  redactionPhoneRegions: readonly string[];
  /** How long the log of calls to models is kept, in days. */
  inferenceLogDays: number;
  /** Where a collector takes traces, by OTLP over HTTP. Unset: none are made. */
  otlpEndpoint: string | undefined;
  /** How long a server that is told to stop, and is not ready from then on, goes on serving. */
  drainDelayMs: number;
}

const LOG_LEVELS = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;
type LogLevel = (typeof LOG_LEVELS)[number];

const text = z.string().trim().min(1, 'must not be empty');
const url = (...schemes: string[]) =>
  text.refine((value) => URL.canParse(value) && schemes.includes(new URL(value).protocol), {
    message: `must be a URL that starts with ${schemes.map((scheme) => `${scheme}//`).join(' or ')}`,
  });
const redisUrl = text.superRefine((value, context) => {
  try {
    parseRedisUrl(value);
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message });
  }
});
const host = text.refine((value) => isIP(value) !== 0 || /^[A-Za-z0-9.-]+$/.test(value), {
  message: 'must be a host name or an IP address',
});
const integer = (min: number, max: number) =>
  z
    .string()
    .trim()
    .refine((value) => /^\d+$/.test(value) && Number(value) >= min && Number(value) <= max, {
      message: `must be a whole number from ${min} to ${max}`,
    })
    .transform(Number);
const regions = z
  .string()
  .transform((value) =>
    value
      .toUpperCase()
      .split(',')
      .map((region) => region.trim()),
  )
  .refine((names) => names.every((name) => PHONE_REGIONS.has(name)), {
    message: 'must be codes of countries, such as IN,US,GB',
  });
const list = z.string().transform((value) => value.split(',').map((one) => one.trim()));
const isHostName = (name: string) => isIP(name) !== 0 || /^[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?$/.test(name);
const isOrigin = (value: string) =>
  /^https?:\/\/[^*]+$/.test(value) && URL.canParse(value) && new URL(value).origin === value;
/** Below some 500 tokens there is no room for the instructions. */
const contextLength = integer(512, 100_000_000);
/** Up to a day: longer is a mistake in the unit. */
const duration = integer(1, 86_400_000);

const Environment = z.object({
  HOST: host,
  PORT: integer(0, 65_535),
  AUTH_MODE: z.enum(['none'], { error: 'must be none, or unset' }),
  ALLOWED_HOSTS: list.refine((names) => names.every(isHostName), {
    message: 'must be host names in lower case without ports, such as chat.example.com, apart by commas',
  }),
  ALLOWED_ORIGINS: list.refine((origins) => origins.every(isOrigin), {
    message: 'must be origins such as https://app.example.com, without a path, apart by commas',
  }),
  FEDERATION: z.enum(['0', '1'], { error: 'must be 1, or 0 or unset' }),
  DATABASE_URL: url('postgresql:', 'postgres:'),
  DATA_DIR: text,
  REDIS_URL: redisUrl,
  REDIS_PREFIX: text.regex(/^[A-Za-z0-9_-]{1,40}$/, 'must be 1 to 40 letters, digits, _ or -'),
  OPENROUTER_API_KEY: keyText,
  OPENAI_API_KEY: keyText,
  OPENAI_BASE_URL: plainText.pipe(url('http:', 'https:')),
  LLM_EXTRA_HEADERS: headerFields,
  LLM_EXTRA_BODY: bodyFields,
  DEFAULT_MODEL: modelText,
  MODELS_FILE: text,
  MODEL_CONTEXT_TOKENS: contextLength,
  OLLAMA_CONTEXT_LENGTH: contextLength,
  HTTP_PROXY: proxyText,
  http_proxy: proxyText,
  HTTPS_PROXY: proxyText,
  https_proxy: proxyText,
  NO_PROXY: z.string(),
  no_proxy: z.string(),
  IDLE_NUDGE_MS: duration,
  IDLE_END_MS: duration,
  TYPING_NUDGE_MS: duration,
  LLM_TIMEOUT_MS: duration,
  LLM_MAX_WAIT_MS: duration,
  MODEL_REST_MS: duration,
  CONTEXT_MESSAGES: integer(1, 1_000),
  TOKEN_WARNING_THRESHOLD: integer(1, 10_000_000),
  TURN_CONCURRENCY: integer(1, 10_000),
  TURNS_PER_OWNER: integer(1, 1_000),
  WORKER_GRACE_MS: duration,
  LOG_LEVEL: z.enum(LOG_LEVELS, { error: `must be one of ${LOG_LEVELS.join(', ')}` }),
  LOG_FORMAT: z.enum(['pretty', 'json'], { error: 'must be pretty or json' }),
  METRICS_HOST: host,
  METRICS_PORT: integer(0, 65_535),
  METRICS_TOKEN: text.regex(/^[\x21-\x7e]{16,512}$/, 'must be 16 to 512 printable characters without blanks'),
  REDACTION_PHONE_REGIONS: regions,
  INFERENCE_LOG_DAYS: integer(1, 36_500),
  OTEL_EXPORTER_OTLP_ENDPOINT: url('http:', 'https:'),
  // What is left of the 10 s in which a server has to be gone is for closing its sockets and connections.
  DRAIN_DELAY_MS: integer(0, 5_000),
});

/**
 * Server and worker in processes of their own meet in PostgreSQL and Redis, so both must be named.
 * @throws {ConfigError}
 */
export function requireShared({ databaseUrl, redisUrl }: Config): void {
  const missing = [databaseUrl ? null : 'DATABASE_URL', redisUrl ? null : 'REDIS_URL'].filter(Boolean);
  if (missing.length === 0) return;
  throw new ConfigError(
    `${missing.join(' and ')} must be set where server and worker run apart; npm start runs both in one process without`,
  );
}

/** An empty value counts as unset, as in an `.env` file whose line was left blank. */
function present(env: NodeJS.ProcessEnv): Record<string, string> {
  const names = Object.keys(Environment.shape);
  return Object.fromEntries(names.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
}

/**
 * Reads the environment once.
 * @throws {ConfigError} with one line for all that is wrong
 */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const parsed = Environment.partial().safeParse(present(env));
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`);
    throw new ConfigError(faults.join('; '));
  }
  const set = parsed.data;
  if (set.HOST && !isLoopback(set.HOST) && set.AUTH_MODE !== 'none') {
    throw new ConfigError(
      `HOST ${set.HOST} can be reached from other machines, and whoever reaches it is the one local user; set AUTH_MODE=none if that is meant`,
    );
  }
  return {
    host: set.HOST ?? '127.0.0.1',
    port: set.PORT ?? 4000,
    authMode: set.AUTH_MODE,
    allowedHosts: set.ALLOWED_HOSTS ?? [],
    allowedOrigins: set.ALLOWED_ORIGINS ?? [],
    federation: set.FEDERATION === '1',
    databaseUrl: set.DATABASE_URL,
    dataDir: set.DATA_DIR ?? '.data',
    redisUrl: set.REDIS_URL,
    redisPrefix: set.REDIS_PREFIX ?? 'taskflow',
    openrouterApiKey: set.OPENROUTER_API_KEY,
    openaiApiKey: set.OPENAI_API_KEY,
    openaiBaseUrl: set.OPENAI_BASE_URL,
    llmExtraHeaders: set.LLM_EXTRA_HEADERS,
    llmExtraBody: set.LLM_EXTRA_BODY,
    defaultModel: set.DEFAULT_MODEL,
    modelsFile: set.MODELS_FILE,
    modelContextTokens: set.MODEL_CONTEXT_TOKENS,
    ollamaContextLength: set.OLLAMA_CONTEXT_LENGTH,
    // The lower case goes first, as with curl.
    proxy: {
      http: set.http_proxy ?? set.HTTP_PROXY,
      https: set.https_proxy ?? set.HTTPS_PROXY,
      none: set.no_proxy ?? set.NO_PROXY,
    },
    idleNudgeMs: set.IDLE_NUDGE_MS ?? 15_000,
    idleEndMs: set.IDLE_END_MS ?? 15_000,
    typingNudgeMs: set.TYPING_NUDGE_MS ?? 30_000,
    llmTimeoutMs: set.LLM_TIMEOUT_MS ?? 60_000,
    llmMaxWaitMs: set.LLM_MAX_WAIT_MS ?? 600_000,
    modelRestMs: set.MODEL_REST_MS ?? 30_000,
    contextMessages: set.CONTEXT_MESSAGES ?? 20,
    tokenWarningThreshold: set.TOKEN_WARNING_THRESHOLD ?? 8_000,
    turnConcurrency: set.TURN_CONCURRENCY ?? 200,
    turnsPerOwner: set.TURNS_PER_OWNER ?? 8,
    workerGraceMs: set.WORKER_GRACE_MS ?? 60_000,
    logLevel: set.LOG_LEVEL ?? 'info',
    logFormat: set.LOG_FORMAT,
    metricsHost: set.METRICS_HOST ?? '127.0.0.1',
    metricsPort: set.METRICS_PORT ?? 9_464,
    metricsToken: set.METRICS_TOKEN,
    redactionPhoneRegions: set.REDACTION_PHONE_REGIONS ?? ['IN', 'US', 'GB'],
    inferenceLogDays: set.INFERENCE_LOG_DAYS ?? 90,
    otlpEndpoint: set.OTEL_EXPORTER_OTLP_ENDPOINT,
    drainDelayMs: set.DRAIN_DELAY_MS ?? 0,
  };
}
