import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { type Config, loadConfig, requireShared } from '../../core/config/config.ts';
import { OPEN_TELEMETRY } from '../../core/config/read-elsewhere.ts';
import { ROWS } from '../../core/config/settings.ts';
import { operationHandlers } from '../../core/http/operator-endpoints.ts';

/** The parts of a Compose file that the tests read. */
export interface Compose {
  name: string;
  services: Record<string, ComposeService>;
  networks: Record<string, unknown>;
  volumes: Record<string, unknown>;
}

export interface ComposeService {
  image: string;
  build?: { context: string; dockerfile: string };
  /** Unset: it always runs. */
  profiles?: string[];
  environment?: Record<string, string>;
  command?: string[];
  tmpfs?: string[];
  ports?: string[];
  expose?: string[];
  volumes?: string[];
  networks: string[];
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test: string[] };
  stop_grace_period?: string;
  read_only?: boolean;
  cap_drop?: string[];
  security_opt?: string[];
}

/** The parts of Kubernetes objects of any kind that the tests read. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string };
  spec: {
    template: { metadata: { labels: Labels }; spec: PodSpec };
    selector?: Labels & { matchLabels?: Labels };
    ports: { name: string; port: number; targetPort?: string }[];
    clusterIP?: string;
    replicas?: number;
    minAvailable: number;
    rules: { host: string; http: { paths: { path: string; backend: { service: PortRef } }[] } }[];
    scaleTargetRef: { name: string };
    triggers: { type: string; metadata: Record<string, string> }[];
  };
}

export type Labels = Record<string, string>;
type PortRef = { name: string; port: { name: string } };
type KeyRef = { name: string; key: string };

interface PodSpec {
  containers: Container[];
  volumes?: {
    name: string;
    configMap?: { name: string };
    secret?: { secretName: string; items: { key: string; path: string }[] };
  }[];
  securityContext: { runAsNonRoot?: boolean; runAsUser?: number };
  terminationGracePeriodSeconds: number;
}

export interface Container {
  name: string;
  image: string;
  command?: string[];
  args?: string[];
  env?: { name: string; value?: string; valueFrom?: { secretKeyRef: KeyRef } }[];
  envFrom?: { configMapRef: { name: string } }[];
  ports?: { name: string; containerPort: number }[];
  volumeMounts?: { name: string; mountPath: string }[];
  startupProbe?: Probe;
  livenessProbe?: Probe;
  readinessProbe?: Probe;
  securityContext: Record<string, unknown>;
  resources: { limits: { cpu: string; memory: string } };
}

interface Probe {
  httpGet?: { path: string; port: string };
  tcpSocket?: { port: string };
}

export interface Kustomization {
  resources?: string[];
  images?: { name: string; newTag: string }[];
  configMapGenerator?: { name: string; literals?: string[]; files?: string[] }[];
  secretGenerator?: { name: string; envs: string[] }[];
}

const ROOT = join(import.meta.dirname, '..', '..');

export const fileExists = (path: string): boolean => existsSync(join(ROOT, path));
export const readText = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
export const readYaml = <T>(path: string): T => parse(readText(path), { merge: true }) as T;

/** The manifests of the workspace's packages, without which `npm ci` does not install. */
export const packageManifests = readdirSync(join(ROOT, 'packages')).map(
  (name) => `packages/${name}/package.json`,
);

/** The YAML files of a folder that hold Kubernetes objects. */
export function manifestFiles(folder: string): string[] {
  return readdirSync(join(ROOT, folder)).filter(
    (name) => name.endsWith('.yaml') && name !== 'kustomization.yaml',
  );
}

export function manifestsIn(folder: string): Manifest[] {
  return manifestFiles(folder).flatMap((name) =>
    parseAllDocuments(readText(join(folder, name))).map((document) => {
      if (document.errors[0]) throw document.errors[0];
      return document.toJSON() as Manifest;
    }),
  );
}

/** A kustomization with its bases, by folder. */
export function kustomizations(folder: string): Map<string, Kustomization> {
  const found = new Map<string, Kustomization>();
  const visit = (path: string) => {
    const kustomization = readYaml<Kustomization>(join(path, 'kustomization.yaml'));
    found.set(path, kustomization);
    for (const resource of kustomization.resources ?? []) {
      if (!resource.endsWith('.yaml')) visit(join(path, resource));
    }
  };
  visit(folder);
  return found;
}

/** `NAME=value` lines, without comments. */
export function envLines(text: string): Record<string, string> {
  const pairs = text.matchAll(/^([A-Z_]+)=(.*)$/gm);
  return Object.fromEntries([...pairs].map(([, name = '', value = '']) => [name, value]));
}

/** Fills in `${NAME}`, `${NAME:-default}` and `${NAME:?message}` as Compose does; throws if a required one is missing. */
export function interpolate(text: string, env: Record<string, string>): string {
  return text
    .replace(/(?<!\$)\$\{([A-Z_]+)(?:(:[-?])([^}]*))?\}/g, (_all, name: string, how?: string, rest = '') => {
      if (env[name]) return env[name];
      if (how === ':?') throw new Error(`${name}: ${rest}`);
      return rest;
    })
    .replaceAll('$$', '$');
}

/** The environment of a Kubernetes container, with the values of its secrets from `secrets`. */
export function environmentOf(
  container: Container,
  configMaps: Record<string, Record<string, string>>,
  secrets: Record<string, string>,
): Record<string, string> {
  const env: Record<string, string> = {};
  for (const { configMapRef } of container.envFrom ?? []) Object.assign(env, configMaps[configMapRef.name]);
  for (const { name, value, valueFrom } of container.env ?? []) {
    const raw = valueFrom ? secrets[valueFrom.secretKeyRef.key] : value;
    env[name] = (raw ?? '').replace(
      /\$\(([A-Z_]+)\)/g,
      (reference, other: string) => env[other] ?? reference,
    );
  }
  return env;
}

/** The configuration that servers and workers read from an environment. @throws {ConfigError} as they do */
export function configOf(env: Record<string, string>): Config {
  const config = loadConfig(env);
  requireShared(config);
  return config;
}

/** The variables that TaskFlow reads, and those that the OpenTelemetry SDK reads. */
export const KNOWN: ReadonlySet<string> = new Set(
  [...ROWS, ...OPEN_TELEMETRY].map(({ variable }) => variable),
);

/** The value of a numeric constant that a source file does not export. */
export function constantIn(path: string, name: string): number {
  const value = new RegExp(`const ${name} = ([\\d_]+)`).exec(readText(path))?.[1];
  if (value === undefined) throw new Error(`${path} has no ${name}`);
  return Number(value.replaceAll('_', ''));
}

/** The host and port of a URL, as its client reads them. */
export const addressOf = (url: string | undefined): string => new URL(url ?? '').host;

/** docker-compose.yml, its services by name, and a lookup of one. */
export const compose = readYaml<Compose>('docker-compose.yml');
export const services = Object.entries(compose.services);
export const serviceOf = (name: string): ComposeService => found(compose.services[name], name);

/** The files that a Dockerfile copies from outside its stages. */
export function copiedFrom(dockerfile: string): string[] {
  return dockerfile
    .split('\n')
    .filter((line) => /^COPY (?!--from)/.test(line))
    .flatMap((line) => line.split(' ').slice(1, -1));
}

/** Whether `.dockerignore`, which lists the allowed paths, allows a path. */
export function isSentToBuilder(path: string): boolean {
  return readText('.dockerignore')
    .split('\n')
    .includes(`!${path.split('/')[0]}`);
}

/** The values that an operator would put into `.env`. */
export const SECRETS = {
  POSTGRES_PASSWORD: 'p0stgres',
  REDIS_PASSWORD: 'r3dis',
  GRAFANA_ADMIN_PASSWORD: 'gr4fana',
  METRICS_TOKEN: 'm3trics-m3trics-m3trics',
  OPENAI_API_KEY: 'sk-test',
};

/** The paths that servers and workers serve to operators. */
export const operatorPaths = [
  ...operationHandlers({
    metrics: async () => '',
    live: async () => {},
    ready: async () => {},
    metricsToken: undefined,
  }).keys(),
];

/** The longest time that a server takes to stop, and a worker after its grace period, in milliseconds. */
export const serverStopMs = constantIn('core/run-process.ts', 'STOP_WITHIN_MS');
export const workerCloseMs = constantIn('worker/main.ts', 'CLOSE_MS');

/** The scrape targets of Prometheus, by the name of the job. */
export function scrapes(): Record<string, Scrape> {
  const { scrape_configs } = readYaml<{ scrape_configs: ({ job_name: string } & Scrape)[] }>(
    'deploy/prometheus/prometheus.yml',
  );
  return Object.fromEntries(scrape_configs.map((job) => [job.job_name, job]));
}

/** Returns the value; throws if it is undefined. */
export function found<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Error(`there is no ${name}`);
  return value;
}

type Scrape = {
  metrics_path?: string;
  authorization?: { type: string; credentials_file: string };
  dns_sd_configs?: unknown[];
};
