import type { INetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import { expect, test } from 'vitest';
import { manifestsIn } from './support/deployment.ts';
import { type End, isAllowed, type Pod } from './support/network-policies.ts';

const base = manifestsIn('deploy/k8s/base');
const policiesIn = (manifests: typeof base) =>
  manifests.filter(({ kind }) => kind === 'NetworkPolicy') as unknown as INetworkPolicy[];
const policies = policiesIn(base);
const autoscaling = [...policies, ...policiesIn(manifestsIn('deploy/k8s/autoscaling'))];

const pods: [name: string, pod: Pod][] = base
  .filter(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet')
  .map(({ metadata, spec: { template } }) => {
    const ports = template.spec.containers.flatMap(({ ports = [] }) => ports);
    return [
      metadata.name,
      {
        namespace: 'taskflow',
        labels: template.metadata.labels,
        ports: Object.fromEntries(ports.map(({ name, containerPort }) => [name, containerPort])),
      },
    ];
  });

const STRANGERS: [name: string, end: End][] = [
  [
    'ingress controller',
    { namespace: 'ingress-nginx', labels: { 'app.kubernetes.io/name': 'ingress-nginx' } },
  ],
  ['pod of another namespace', { namespace: 'default', labels: { app: 'server' } }],
  ['pod without labels', { namespace: 'taskflow', labels: {} }],
  [
    'Prometheus of monitoring',
    { namespace: 'monitoring', labels: { 'app.kubernetes.io/name': 'prometheus' } },
  ],
  ['Grafana of monitoring', { namespace: 'monitoring', labels: { 'app.kubernetes.io/name': 'grafana' } }],
  ['KEDA', { namespace: 'keda', labels: { app: 'keda-operator' } }],
  ['an address outside', { address: '203.0.113.7' }],
];

/** Every connection to a port of a pod that the policies let pass. */
function connections(some: readonly INetworkPolicy[]): string[] {
  return [...pods, ...STRANGERS].flatMap(([from, source]) =>
    pods.flatMap(([to, pod]) =>
      Object.entries(pod.ports ?? {})
        .filter(([, port]) => isAllowed(some, source, pod, port))
        .map(([name]) => `${from} -> ${to} ${name}`),
    ),
  );
}

const NEEDED = [
  'grafana -> prometheus http',
  'pgbouncer -> postgres postgres',
  'prometheus -> alertmanager http',
  'prometheus -> server http',
  'prometheus -> worker metrics',
  'server -> pgbouncer postgres',
  'server -> redis redis',
  'worker -> pgbouncer postgres',
  'worker -> redis redis',
  'ingress controller -> server http',
  'Prometheus of monitoring -> server http',
  'Prometheus of monitoring -> worker metrics',
];

test('pods accept the connections that the product needs, and no others', () => {
  expect(connections(policies).sort()).toEqual([...NEEDED].sort());
});

test('with autoscaling KEDA reaches Prometheus, too', () => {
  expect(connections(autoscaling).sort()).toEqual([...NEEDED, 'KEDA -> prometheus http'].sort());
});

test('without policies every connection is open', () => {
  const ports = pods.flatMap(([, pod]) => Object.keys(pod.ports ?? {}));
  expect(connections([])).toHaveLength((pods.length + STRANGERS.length) * ports.length);
});

test('every pod resolves names by the DNS of the cluster, or its cache on the node', () => {
  const dns = { namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } };
  for (const [name, pod] of [...pods, ['a new one', { namespace: 'taskflow', labels: {} }] as const])
    for (const server of [dns, { address: '169.254.20.10' }])
      expect([name, isAllowed(policies, pod, server, 53)]).toEqual([name, true]);
});

test('only servers, workers and Alertmanager call out: by https, and never for credentials of the machine', () => {
  const callers = (address: string, port: number) =>
    pods.filter(([, pod]) => isAllowed(policies, pod, { address }, port)).map(([name]) => name);
  for (const address of ['203.0.113.7', '10.20.30.40', '2001:db8::7'])
    expect(callers(address, 443).sort()).toEqual(['alertmanager', 'server', 'worker']);
  for (const address of ['169.254.169.254', 'fe80::1', 'fd00:ec2::254'])
    expect([address, callers(address, 443)]).toEqual([address, []]);
  for (const port of [22, 25, 80, 5432, 6379])
    expect([port, callers('203.0.113.7', port)]).toEqual([port, []]);
});
