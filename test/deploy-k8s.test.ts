import { basename, dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { processesOf } from '../core/config/config.ts';
import { turnJob } from '../core/queue/jobs.ts';
import { METRIC } from '../core/telemetry/metric-names.ts';
import {
  addressOf,
  type Container,
  configOf,
  constantIn,
  environmentOf,
  envLines,
  fileExists,
  found,
  interpolate,
  KNOWN,
  kustomizations,
  type Labels,
  type Manifest,
  manifestFiles,
  manifestsIn,
  operatorPaths,
  readText,
  readYaml,
  SECRETS,
  scrapes,
  serverStopMs,
  serviceOf,
  services,
  workerCloseMs,
} from './support/deployment.ts';
import { faultsOfManifest } from './support/manifest-schemas.ts';

const version: string = JSON.parse(readText('package.json')).version;
/** A tag that names a version and does not move. */
const PINNED = /^[a-z0-9./-]+:(?!latest|main|edge)[a-z]*\d[\w.-]*$/;

const base = manifestsIn('deploy/k8s/base');
const autoscaling = manifestsIn('deploy/k8s/autoscaling');
const pods = base.filter(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet');
const containers = pods.flatMap((pod) => pod.spec.template.spec.containers.map((one) => ({ pod, one })));
const generated = [...kustomizations('deploy/k8s/base').values()];
const configMaps = generated.flatMap(({ configMapGenerator = [] }) => configMapGenerator);
const literals = Object.fromEntries(
  configMaps.map(({ name, literals = [] }) => [name, envLines(literals.join('\n'))]),
);

describe('the manifests', () => {
  test.each([...base, ...autoscaling].map((one) => [`${one.kind} ${one.metadata.name}`, one] as const))(
    '%s is valid for the API',
    (_name, manifest) => expect(faultsOfManifest(manifest)).toEqual([]),
  );

  test('are checked for misspelt and missing fields', () => {
    const { apiVersion, kind, metadata, spec } = named('Deployment', 'server');
    const misspelt = { apiVersion, kind, metadata, spec: { ...spec, replicaz: 2 } };
    expect(faultsOfManifest(misspelt)).toEqual(['/spec/replicaz is no field of Deployment']);
    expect(faultsOfManifest({ apiVersion, kind, ...{ metadata, spec: { replicas: 2 } } })).not.toEqual([]);
  });

  test.each(['base', 'autoscaling'])('of %s are all listed, and every listed file exists', (folder) => {
    for (const [path, { resources = [], configMapGenerator = [] }] of kustomizations(
      `deploy/k8s/${folder}`,
    )) {
      const files = resources.filter((resource) => resource.endsWith('.yaml'));
      expect([...files].sort()).toEqual(manifestFiles(path).sort());
      for (const { files = [] } of configMapGenerator)
        for (const file of files) expect([file, fileExists(`${path}/${file}`)]).toEqual([file, true]);
    }
  });

  test('name only configuration and secrets that exist', () => {
    const maps = containers.flatMap(({ pod, one }) => [
      ...(one.envFrom ?? []).map(({ configMapRef }) => configMapRef.name),
      ...(pod.spec.template.spec.volumes ?? []).flatMap(({ configMap }) => configMap?.name ?? []),
    ]);
    expect([...new Set(maps)].sort()).toEqual(configMaps.map(({ name }) => name).sort());
    const secrets = generated.flatMap(({ secretGenerator = [] }) => secretGenerator);
    expect(secrets).toMatchObject([{ name: 'taskflow', envs: ['.env'] }]);
    const keys = [
      ...containers.flatMap(
        ({ one }) => one.env?.flatMap(({ valueFrom }) => valueFrom?.secretKeyRef ?? []) ?? [],
      ),
      ...pods
        .flatMap(({ spec }) => spec.template.spec.volumes ?? [])
        .flatMap(({ secret }) => (secret?.items ?? []).map(({ key }) => ({ name: secret?.secretName, key }))),
    ];
    const kept = envLines(readText('deploy/k8s/base/.env.example'));
    expect(keys.filter(({ name, key }) => name !== 'taskflow' || !(key in kept))).toEqual([]);
    expect(Object.values(kept).filter(Boolean)).toEqual([]);
    expect(readText('.gitignore').split('\n')).toContain('.env');
  });

  test.each(['server', 'worker'])('give the %s an environment that it accepts', (name) => {
    const env = environmentOf(containerOf(name), literals, SECRETS);
    const unknown = Object.keys(env).filter((one) => !KNOWN.has(one) && !(one in SECRETS));
    expect(unknown).toEqual([]);
    const config = configOf(env);
    const pgbouncer = readText('deploy/k8s/base/pgbouncer.ini');
    const port = /^listen_port = (\d+)$/m.exec(pgbouncer)?.[1];
    expect(addressOf(config.databaseUrl)).toBe(`pgbouncer:${port}`);
    expect(pgbouncer).toMatch(
      new RegExp(`^${new URL(config.databaseUrl ?? '').pathname.slice(1)} = host=postgres port=5432 `, 'm'),
    );
    expect(addressOf(config.redisUrl)).toBe('redis:6379');
    expect(processesOf(config, 16)).toBe(1);
    expect([new URL(config.databaseUrl ?? '').password, new URL(config.redisUrl ?? '').password]).toEqual([
      SECRETS.POSTGRES_PASSWORD,
      SECRETS.REDIS_PASSWORD,
    ]);
  });

  test('reach each other by names, ports and labels that exist', () => {
    for (const { metadata, spec } of base.filter(({ kind }) => kind === 'Service')) {
      if (metadata.name === 'nowhere') {
        expect(spec.selector).toBeUndefined();
        continue;
      }
      const pod = pods.find((one) => selects(spec.selector, one.spec.template.metadata.labels));
      const names = pod?.spec.template.spec.containers.flatMap(({ ports = [] }) => ports) ?? [];
      for (const { port, targetPort } of spec.ports) {
        const target = names.find(({ name }) => name === targetPort);
        expect([metadata.name, target?.name]).toEqual([metadata.name, targetPort]);
        if (metadata.name !== 'taskflow') expect(target?.containerPort).toBe(port);
      }
    }
    for (const { path, backend } of named('Ingress', 'taskflow').spec.rules.flatMap(
      ({ http }) => http.paths,
    )) {
      const { ports } = named('Service', backend.service.name).spec;
      expect([path, ports.map(({ name }) => name)]).toEqual([path, [backend.service.port.name]]);
    }
    expect(containerOf('server').ports).toEqual([
      { name: 'http', containerPort: configOf(environmentOf(containerOf('server'), literals, SECRETS)).port },
    ]);
    const { metricsPort } = configOf(environmentOf(containerOf('worker'), literals, SECRETS));
    expect(containerOf('worker').ports).toEqual([{ name: 'metrics', containerPort: metricsPort }]);
    expect(containerOf('pgbouncer').ports).toEqual([{ name: 'postgres', containerPort: 6432 }]);
    for (const name of ['server', 'worker']) expect(named('Service', name).spec.clusterIP).toBe('None');
  });

  test('probe ports that exist, and paths that servers and workers serve', () => {
    for (const { one } of containers) {
      const probes = [one.startupProbe, one.livenessProbe, one.readinessProbe];
      for (const probe of probes) {
        const port = probe?.httpGet?.port ?? probe?.tcpSocket?.port;
        if (port) expect(one.ports?.map(({ name }) => name)).toContain(port);
        if (probe?.httpGet && /^(server|worker)$/.test(one.name))
          expect(operatorPaths).toContain(probe.httpGet.path);
      }
    }
    for (const name of ['server', 'worker']) {
      expect(containerOf(name).readinessProbe?.httpGet?.path).toBe('/health/ready');
      expect(containerOf(name).livenessProbe?.httpGet?.path).toBe('/health/live');
    }
  });

  test('do not expose the paths for operators', () => {
    const paths = named('Ingress', 'taskflow').spec.rules.flatMap(({ http }) => http.paths);
    const closed = paths.filter(({ backend }) => backend.service.name === 'nowhere').map(({ path }) => path);
    const isClosed = (path: string) => closed.some((one) => path === one || path.startsWith(`${one}/`));
    expect(operatorPaths.filter((path) => !isClosed(path))).toEqual([]);
  });

  test('let servers answer under the host of the ingress', () => {
    const { allowedHosts } = configOf(environmentOf(containerOf('server'), literals, SECRETS));
    expect(allowedHosts).toEqual(named('Ingress', 'taskflow').spec.rules.map(({ host }) => host));
  });

  test('let no container run as root, write to its root, gain privileges or use unlimited resources', () => {
    for (const { pod, one } of containers) {
      const { securityContext } = pod.spec.template.spec;
      expect([one.name, securityContext.runAsNonRoot]).toEqual([one.name, true]);
      expect(securityContext.runAsUser).toBeGreaterThan(0);
      expect([one.name, one.securityContext]).toEqual([
        one.name,
        { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
      ]);
      expect(one.resources.limits).toEqual({
        cpu: expect.any(String),
        memory: expect.stringMatching(/[MG]i$/),
      });
    }
  });

  test('kill a process only after its own deadline for stopping', () => {
    const graceOf = (name: string) =>
      named('Deployment', name).spec.template.spec.terminationGracePeriodSeconds * 1000;
    const { workerGraceMs } = configOf(environmentOf(containerOf('worker'), literals, SECRETS));
    expect(graceOf('server')).toBeGreaterThan(serverStopMs);
    expect(graceOf('worker')).toBeGreaterThan(workerGraceMs + workerCloseMs);
  });

  test('let a disruption stop some pods, never all', () => {
    for (const { metadata, spec } of base.filter(({ kind }) => kind === 'PodDisruptionBudget')) {
      const deployment = named('Deployment', metadata.name);
      expect(selects(spec.selector?.matchLabels, deployment.spec.template.metadata.labels)).toBe(true);
      expect(deployment.spec.replicas).toBeGreaterThan(spec.minAvailable);
    }
  });

  test('give PgBouncer the limits that the product sets on a session, and fewer connections than PostgreSQL has', () => {
    const ini = readText('deploy/k8s/base/pgbouncer.ini');
    const statement = constantIn('core/db/pool.ts', 'STATEMENT_TIMEOUT_MS');
    const idle = constantIn('core/db/pool.ts', 'IDLE_TRANSACTION_TIMEOUT_MS');
    expect(ini).toContain(
      `statement_timeout = ${statement}; SET idle_in_transaction_session_timeout = ${idle}'`,
    );
    expect(ini).toMatch(/^pool_mode = transaction$/m);
    const size = Number(/^default_pool_size = (\d+)$/m.exec(ini)?.[1]);
    // 100 is PostgreSQL's default max_connections, less the 3 that it reserves for superusers.
    expect(size * (named('Deployment', 'pgbouncer').spec.replicas ?? 0)).toBeLessThan(97);
  });
});

describe('autoscaling', () => {
  const triggersOf = (name: string) => named('ScaledObject', name).spec.triggers;
  const prometheus = `http://prometheus.taskflow.svc:${named('Service', 'prometheus').spec.ports[0]?.port}`;

  test('queries the Prometheus of the manifests, and does not take a missing answer for zero', () => {
    for (const { type, metadata } of [...triggersOf('server'), ...triggersOf('worker')]) {
      expect([type, metadata.serverAddress]).toEqual(['prometheus', prometheus]);
      expect(metadata.ignoreNullValues).toBe('false');
    }
  });

  test('scales servers by a metric that Prometheus scrapes from them', () => {
    const { metadata } = found(triggersOf('server')[0], 'trigger');
    const [, metric, job] = /^sum\((\w+)\{job="(\w+)"\}\)$/.exec(metadata.query ?? '') ?? [];
    expect(metric).toBe(METRIC.wsConnectionsActive);
    expect(scrapes()).toHaveProperty(`${job}`);
  });

  test('scales workers by the turns that are being spoken and those that wait', () => {
    const { turnConcurrency } = configOf(environmentOf(containerOf('worker'), literals, SECRETS));
    const depth = (state: string) => `max(${METRIC.queueJobs}{queue="${turnJob.queue}",state="${state}"})`;
    const triggers = triggersOf('worker');
    expect(triggers.map(({ metadata }) => metadata.query)).toEqual([depth('active'), depth('waiting')]);
    expect(Number(triggers[0]?.metadata.threshold)).toBeLessThan(turnConcurrency);
  });

  test('scales objects that exist', () => {
    for (const { spec } of autoscaling.filter(({ kind }) => kind === 'ScaledObject'))
      expect(named('Deployment', spec.scaleTargetRef.name)).toBeDefined();
  });
});

describe('what Compose and Kubernetes share', () => {
  test('every image names its version; that of the product is the one of package.json', () => {
    for (const [, { image, build }] of services) {
      expect(image).toMatch(PINNED);
      if (build) expect(image.split(':')[1]).toBe(version);
    }
    const images = generated.flatMap(({ images = [] }) => images);
    expect(images.map(({ name, newTag }) => `${name}:${newTag}`).sort()).toEqual(
      services.flatMap(([, { build, image }]) => (build ? [image] : [])).sort(),
    );
    const ours = images.map(({ name }) => name);
    const others = containers.map(({ one }) => one.image).filter((image) => !ours.includes(image));
    expect(others).toHaveLength(containers.length - 2);
    for (const image of others) expect(image).toMatch(PINNED);
  });

  test('run the same stores and the same observers', () => {
    for (const name of ['postgres', 'redis', 'prometheus', 'alertmanager', 'grafana'])
      expect(containerOf(name).image).toBe(serviceOf(name).image);
  });

  test('a Redis that evicts nothing', () => {
    const composed = interpolate(serviceOf('redis').command?.at(-1) ?? '', SECRETS);
    expect(containerOf('redis').command?.at(-1)).toBe(composed);
    expect(composed).toContain('--maxmemory-policy noeviction');
    expect(composed).toMatch(/--appendonly yes --appendfsync (everysec|always)/);
  });

  test('a Prometheus and a Grafana whose files and targets exist', () => {
    for (const name of ['server', 'worker']) {
      expect(operatorPaths).toContain(scrapes()[name]?.metrics_path);
      const { metricsToken } = configOf(environmentOf(containerOf(name), literals, SECRETS));
      expect(metricsToken).toBe(SECRETS.METRICS_TOKEN);
      const file = scrapes()[name]?.authorization?.credentials_file ?? '';
      const mount = containerOf('prometheus').volumeMounts?.find(
        ({ mountPath }) => mountPath === dirname(file),
      );
      const volumes = named('StatefulSet', 'prometheus').spec.template.spec.volumes ?? [];
      expect(volumes.find(({ name }) => name === mount?.name)?.secret).toEqual({
        secretName: 'taskflow',
        items: [{ key: 'METRICS_TOKEN', path: basename(file) }],
      });
    }
    const { datasources } = readYaml<{ datasources: { url: string }[] }>(
      'deploy/grafana/provisioning/datasources/prometheus.yml',
    );
    expect(datasources.map(({ url }) => url)).toEqual(['http://prometheus:9090']);
    expect(serviceOf('prometheus').ports).toEqual(['127.0.0.1:9090:9090']);
    expect(named('Service', 'prometheus').spec.ports).toMatchObject([{ port: 9090 }]);
  });
});

function containerOf(name: string): Container {
  return found(
    containers.find(({ one }) => one.name === name),
    name,
  ).one;
}

function named(kind: string, name: string): Manifest {
  const all = [...base, ...autoscaling];
  return found(
    all.find((one) => one.kind === kind && one.metadata.name === name),
    `${kind} ${name}`,
  );
}

function selects(selector: Labels | undefined, labels: Labels): boolean {
  return selector !== undefined && Object.entries(selector).every(([name, value]) => labels[name] === value);
}
