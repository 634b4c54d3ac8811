import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { processesOf } from '../core/config/config.ts';
import rolldown from '../rolldown.config.ts';
import { addressReader } from '../server/transport/caller-address.ts';
import { knownHosts } from '../server/transport/host.ts';
import {
  addressOf,
  compose,
  configOf,
  copiedFrom,
  fileExists,
  interpolate,
  isSentToBuilder,
  KNOWN,
  operatorPaths,
  packageManifests,
  readText,
  readYaml,
  SECRETS,
  scrapes,
  serverStopMs,
  serviceOf,
  services,
  workerCloseMs,
} from './support/deployment.ts';
import { faultsOfCompose } from './support/manifest-schemas.ts';

const DOCKER_SOCKET = '/var/run/docker.sock';
const caddyfile = readText('deploy/proxy/Caddyfile');

describe('docker-compose.yml', () => {
  test('is valid by the Compose specification, which reports a misspelt key', () => {
    expect(faultsOfCompose(compose)).toEqual([]);
    const misspelt = { ...compose, services: { server: { image: 'a', stop_grace_periode: '1s' } } };
    expect(faultsOfCompose(misspelt).join()).toContain('stop_grace_periode');
  });

  test('holds no password: each comes from the environment', () => {
    for (const [, { environment = {}, command = [] }] of services) {
      for (const [name, value] of [...Object.entries(environment), ...command.map((word) => ['', word])]) {
        const kept = `${value}`.replace(/\$\{[^}]*\}/g, '');
        if (/PASSWORD|SECRET|TOKEN|KEY$|_AUTH$/.test(`${name}`)) expect([name, kept]).toEqual([name, '']);
        expect(kept).not.toMatch(/:\/\/[^/]*:[^/@]+@|requirepass "?[^"$]/);
      }
    }
  });

  test.each(['server', 'worker'])('gives the %s an environment that it accepts', (name) => {
    const env = environmentIn(name);
    expect(Object.keys(env).filter((variable) => !KNOWN.has(variable))).toEqual([]);
    const config = configOf(env);
    expect(addressOf(config.databaseUrl)).toBe('postgres:5432');
    expect(addressOf(config.redisUrl)).toBe('redis:6379');
    expect(new URL(config.databaseUrl ?? '').password).toBe(environmentIn('postgres').POSTGRES_PASSWORD);
    expect(new URL(config.redisUrl ?? '').password).toBe(environmentIn('redis').REDIS_PASSWORD);
    expect(new URL(config.databaseUrl ?? '').pathname).toBe(`/${environmentIn('postgres').POSTGRES_DB}`);
    expect(processesOf(config, 16)).toBe(1);
  });

  test('refuses to start without its passwords', () => {
    for (const name of ['postgres', 'redis', 'grafana', 'prometheus', 'server', 'worker'])
      expect(() => environmentIn(name, {})).toThrow(/set it in .env/);
  });

  test('the proxy and Prometheus call servers at the port on which they listen', () => {
    const { port, host } = configOf(environmentIn('server'));
    expect(host).toBe('0.0.0.0');
    expect(caddyfile).toMatch(new RegExp(`dynamic a server ${port} `));
    expect(serviceOf('server').expose).toEqual([`${port}`]);
    expect(readText('deploy/server.Dockerfile')).toContain(`EXPOSE ${port}\n`);
    expect(scrapes().server).toMatchObject({ dns_sd_configs: [{ names: ['server'], port }] });
  });

  test('servers answer under the host names of the proxy, and Prometheus calls them by their addresses', () => {
    const names = environmentIn('proxy')
      .SITE_ADDRESS?.split(', ')
      .map((address) => new URL(address).hostname);
    const known = knownHosts(configOf(environmentIn('server')));
    expect(names?.filter((name) => !known.has(name))).toEqual([]);
    const env = { ...SECRETS, ALLOWED_HOSTS: 'chat.example.com', ALLOWED_ORIGINS: 'https://app.example.com' };
    expect(configOf(environmentIn('server', env))).toMatchObject({
      allowedHosts: ['chat.example.com'],
      allowedOrigins: ['https://app.example.com'],
    });
    expect(scrapes().server?.dns_sd_configs).toMatchObject([{ type: 'A' }]);
  });

  test('servers believe the proxy, which is at a private address, about who calls', () => {
    const addressOf = addressReader(configOf(environmentIn('server')).trustedProxies);
    const request = {
      headers: { 'x-forwarded-for': '203.0.113.7' },
      socket: { remoteAddress: '172.18.0.5' },
    };
    expect(addressOf(request as never)).toBe('203.0.113.7');
  });

  test('Prometheus calls workers at the port on which they serve their metrics', () => {
    const { metricsPort, metricsHost } = configOf(environmentIn('worker'));
    expect(metricsHost).toBe('0.0.0.0');
    expect(serviceOf('worker').expose).toEqual([`${metricsPort}`]);
    expect(readText('deploy/worker.Dockerfile')).toContain(`METRICS_PORT=${metricsPort}\n`);
    expect(readText('deploy/worker.Dockerfile')).toContain(`EXPOSE ${metricsPort}\n`);
    expect(scrapes().worker).toMatchObject({ dns_sd_configs: [{ names: ['worker'], port: metricsPort }] });
  });

  test('Prometheus has the token that servers and workers require for their metrics', () => {
    const { METRICS_TOKEN } = environmentIn('prometheus');
    for (const name of ['server', 'worker']) {
      expect(configOf(environmentIn(name)).metricsToken).toBe(METRICS_TOKEN);
      expect(scrapes()[name]?.authorization?.type).toBe('Bearer');
      const file = scrapes()[name]?.authorization?.credentials_file ?? '';
      expect(serviceOf('prometheus').command?.at(-1)).toContain(`"$$METRICS_TOKEN" > ${file} `);
      expect(serviceOf('prometheus').tmpfs).toEqual([dirname(file)]);
    }
  });

  test('starts a service once those that it depends on are healthy, where they have a health check', () => {
    for (const [name, { depends_on = {} }] of services) {
      for (const [other, { condition }] of Object.entries(depends_on)) {
        const { healthcheck, build } = serviceOf(other);
        const hasCheck = healthcheck ?? /^HEALTHCHECK/m.test(readText(build?.dockerfile ?? ''));
        expect([name, other, condition, Boolean(hasCheck)]).toEqual([name, other, 'service_healthy', true]);
      }
    }
    for (const name of ['server', 'worker'])
      expect(Object.keys(serviceOf(name).depends_on ?? {}).sort()).toEqual(['postgres', 'redis']);
  });

  test('publishes ports on loopback only, and none of the stores', () => {
    const ports = services.flatMap(([name, { ports = [] }]) => ports.map((port) => [name, port] as const));
    expect(ports.map(([name]) => name).sort()).toEqual(['alertmanager', 'grafana', 'prometheus', 'proxy']);
    for (const [, port] of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  test('lets no service write to its root, gain privileges or keep capabilities', () => {
    for (const [name, { read_only, cap_drop, security_opt }] of services)
      expect([name, read_only, cap_drop, security_opt]).toEqual([
        name,
        true,
        ['ALL'],
        ['no-new-privileges:true'],
      ]);
  });

  test('names only networks, volumes and files that exist', () => {
    for (const [, { networks, volumes = [], build }] of services) {
      for (const network of networks) expect(compose.networks).toHaveProperty(network);
      for (const volume of volumes) {
        const source = volume.split(':')[0] ?? '';
        if (source.startsWith('.')) expect([source, fileExists(source)]).toEqual([source, true]);
        else if (source !== DOCKER_SOCKET) expect(compose.volumes).toHaveProperty(source);
      }
      if (build) expect(fileExists(build.dockerfile)).toBe(true);
    }
  });

  test('collects logs in a profile only, and gives Docker to no other service', () => {
    const inProfile = services.filter(([, { profiles }]) => profiles?.includes('logs')).map(([name]) => name);
    expect(inProfile.sort()).toEqual(['alloy', 'loki']);
    const withSocket = services.filter(([, { volumes = [] }]) => volumes.join().includes(DOCKER_SOCKET));
    expect(withSocket.map(([name]) => name)).toEqual(['alloy']);
    for (const [name, { image, profiles, ports }] of services)
      if (profiles)
        expect([name, image, ports]).toEqual([name, expect.stringMatching(/:v?\d+\.\d+\.\d+$/), undefined]);
  });

  test('Alloy sends the lines of this project to Loki, which Grafana reads', () => {
    const { server } = readYaml<{ server: { http_listen_port: number } }>('deploy/loki/loki.yml');
    const address = `http://loki:${server.http_listen_port}`;
    const alloy = readText('deploy/loki/config.alloy');
    expect(alloy).toContain(`url = "${address}/loki/api/v1/push"`);
    expect(alloy).toContain(`com.docker.compose.project=${compose.name}`);
    const { datasources } = readYaml<{ datasources: { url: string }[] }>(
      'deploy/grafana/provisioning/datasources/loki.yml',
    );
    expect(datasources.map(({ url }) => url)).toEqual([address]);
  });

  test('kills a process only after its own deadline for stopping', () => {
    const { workerGraceMs } = configOf(environmentIn('worker'));
    expect(secondsOf(serviceOf('server').stop_grace_period) * 1000).toBeGreaterThan(serverStopMs);
    expect(secondsOf(serviceOf('worker').stop_grace_period) * 1000).toBeGreaterThan(
      workerGraceMs + workerCloseMs,
    );
  });
});

describe('the proxy', () => {
  test('does not expose the paths for operators', () => {
    const hidden = /@operators path (.*)/.exec(caddyfile)?.[1]?.split(' ') ?? [];
    const isHidden = (path: string) =>
      hidden.some((one) => one === path || (one.endsWith('/*') && path.startsWith(one.slice(0, -1))));
    expect(operatorPaths.filter((path) => !isHidden(path))).toEqual([]);
    expect(caddyfile).toMatch(/respond @operators 404/);
  });

  test('passes Host and Origin unchanged, and refuses host names that are not its own', () => {
    expect(caddyfile).not.toMatch(/header_up/);
    expect(caddyfile).toMatch(/^\{\$SITE_ADDRESS\} \{$/m);
    expect(environmentIn('proxy').SITE_ADDRESS).toBe('http://localhost:8080, http://127.0.0.1:8080');
    expect(caddyfile).toMatch(/^http:\/\/:8080 \{\n\trespond .* 421\n\}/m);
    expect(serviceOf('proxy').ports).toEqual(['127.0.0.1:8080:8080']);
  });
});

describe.each(['server', 'worker'])('the image of the %s', (name) => {
  const dockerfile = readText(`deploy/${name}.Dockerfile`);
  const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));

  test('shares every stage but its last with the other', () => {
    const other = readText(`deploy/${name === 'server' ? 'worker' : 'server'}.Dockerfile`);
    expect(dockerfile.slice(0, -last.length)).toBe(other.slice(0, other.lastIndexOf('\nFROM ')));
  });

  test('copies only files that exist and that reach the builder', () => {
    const sources = copiedFrom(dockerfile);
    expect(sources.length).toBeGreaterThan(8);
    expect(sources.filter((path) => !fileExists(path) || !isSentToBuilder(path))).toEqual([]);
  });

  test('installs with every folder that the lock file links to', () => {
    for (const stage of dockerfile.split(/^FROM /m).filter((part) => part.includes('npm ci'))) {
      const before = copiedFrom(stage.slice(0, stage.indexOf('npm ci')));
      expect(before).toEqual(['package.json', 'package-lock.json', ...packageManifests, 'scripts/absent']);
    }
  });

  test('runs the output of the build with node itself, not as root, on production dependencies', () => {
    const entry = /^CMD \["node", "--enable-source-maps", "dist\/([\w-]+)\.js"\]$/m.exec(last)?.[1];
    expect(entry).toBe(`${name}-main`);
    expect(inputsOf(rolldown)).toContain(entry);
    expect(last).toMatch(/^USER node$/m);
    expect(last).toMatch(/--from=dependencies \/app\/node_modules/);
    expect(dockerfile).toMatch(/npm ci --omit=dev .*\n+FROM/);
  });

  test('sets only variables that the code reads, and runs a Node version that the code supports', () => {
    const set = [...(/^ENV (.*)$/m.exec(last)?.[1] ?? '').matchAll(/([A-Z_]+)=/g)].map(([, one = '']) => one);
    expect(set.filter((one) => one !== 'NODE_ENV' && !KNOWN.has(one))).toEqual([]);
    for (const [, image = ''] of dockerfile.matchAll(/^FROM (\S+)/gm))
      expect(image).toBe('node:24-bookworm-slim');
  });
});

test.each([
  ['server', 'PORT'],
  ['worker', 'METRICS_PORT'],
])('the image of the %s checks its health at its %s, at a path that exists', (name, variable) => {
  const check = /HEALTHCHECK.*?\{process\.env\.(\w+)\}(\/[\w/]+)`/s.exec(
    readText(`deploy/${name}.Dockerfile`),
  );
  expect(check?.[1]).toBe(variable);
  expect(operatorPaths).toContain(check?.[2]);
});

test('docs/operations.md names only files and variables that exist', () => {
  const text = readText('docs/operations.md');
  const quoted = [...text.matchAll(/`([^`\n]+)`/g)].map(([, one = '']) => one);
  const files = [
    ...quoted.filter((one) => /^(deploy|core|server|worker)\/[\w./-]+$/.test(one)),
    ...text.matchAll(/ -f (\S+)/g),
  ];
  expect(files.length).toBeGreaterThan(3);
  expect(
    files
      .map((file) => (typeof file === 'string' ? file : (file[1] ?? '')))
      .filter((file) => !fileExists(file)),
  ).toEqual([]);
  const variables = quoted.flatMap((one) => /^([A-Z]+_[A-Z_]+)(?:=|$)/.exec(one)?.[1] ?? []);
  expect(variables.length).toBeGreaterThan(2);
  const composed = new Set(services.flatMap(([, { environment }]) => Object.keys(environment ?? {})));
  expect(variables.filter((one) => !KNOWN.has(one) && !composed.has(one))).toEqual([]);
});

/** The environment of a service, as Compose fills it in. */
function environmentIn(name: string, env: Record<string, string> = SECRETS): Record<string, string> {
  const given = Object.entries(serviceOf(name).environment ?? {});
  return Object.fromEntries(given.map(([variable, value]) => [variable, interpolate(value, env)]));
}

function secondsOf(duration: string | undefined): number {
  return Number(/^(\d+)s$/.exec(duration ?? '')?.[1]);
}

function inputsOf(config: unknown): string[] {
  return Object.keys((config as { input: Record<string, string> }).input);
}
