import { BlockList, isIPv4 } from 'node:net';
import type {
  INetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyPort,
} from 'kubernetes-models/networking.k8s.io/v1';
import type { Labels } from './deployment.ts';

/** One end of a connection: a pod, or an address outside of the cluster. */
export type End = Pod | { address: string };

export interface Pod {
  namespace: string;
  labels: Labels;
  /** By name. */
  ports?: Record<string, number>;
}

/** The namespace of the policies. */
const OWN = 'taskflow';

/**
 * Whether policies let a TCP connection pass, as the API says of NetworkPolicy: a pod that none selects for a direction is open
 * in it; otherwise it is open to what one of them names. Both ends must be open.
 */
export function isAllowed(policies: readonly INetworkPolicy[], from: End, to: End, port: number): boolean {
  return isOpen(policies, 'Egress', from, to, to, port) && isOpen(policies, 'Ingress', to, from, to, port);
}

function isOpen(
  policies: readonly INetworkPolicy[],
  direction: 'Ingress' | 'Egress',
  self: End,
  peer: End,
  target: End,
  port: number,
): boolean {
  if (!('labels' in self) || self.namespace !== OWN) return true;
  const specs = policies.flatMap(({ spec }) => (spec ? [spec] : []));
  const selecting = specs.filter(
    ({ podSelector, policyTypes }) =>
      policyTypes?.includes(direction) && matches(podSelector ?? {}, self.labels),
  );
  if (selecting.length === 0) return true;
  const rules = selecting.flatMap(({ ingress = [], egress = [] }) =>
    direction === 'Ingress'
      ? ingress.map(({ from, ports }) => ({ peers: from, ports }))
      : egress.map(({ to, ports }) => ({ peers: to, ports })),
  );
  return rules.some(
    ({ peers, ports }) =>
      (peers?.some((one) => names(one, peer)) ?? true) &&
      (ports?.some((one) => is(one, target, port)) ?? true),
  );
}

function names({ ipBlock, namespaceSelector, podSelector }: Peer, peer: End): boolean {
  // A pod may have any address, so only what is outside is matched by its address.
  if (ipBlock)
    return (
      'address' in peer &&
      isIn(peer.address, ipBlock.cidr) &&
      !ipBlock.except?.some((one) => isIn(peer.address, one))
    );
  if ('address' in peer) return false;
  const isThere = namespaceSelector
    ? matches(namespaceSelector, { 'kubernetes.io/metadata.name': peer.namespace })
    : peer.namespace === OWN;
  return isThere && matches(podSelector ?? {}, peer.labels);
}

function is({ port: wanted, protocol = 'TCP' }: Port, target: End, port: number): boolean {
  if (protocol !== 'TCP') return false;
  return port === (typeof wanted === 'number' ? wanted : 'ports' in target && target.ports?.[wanted ?? '']);
}

function matches({ matchLabels = {}, matchExpressions = [] }: Selector, labels: Labels): boolean {
  return (
    Object.entries(matchLabels).every(([name, value]) => labels[name] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      if (operator !== 'In') throw new Error(`${operator} is not evaluated here`);
      return values.includes(labels[key] ?? '');
    })
  );
}

function isIn(address: string, cidr: string): boolean {
  const [network = '', bits] = cidr.split('/');
  const family = isIPv4(network) ? 'ipv4' : 'ipv6';
  if (isIPv4(address) !== isIPv4(network)) return false;
  const block = new BlockList();
  block.addSubnet(network, Number(bits), family);
  return block.check(address, family);
}

type Peer = Pick<NetworkPolicyPeer, 'ipBlock' | 'namespaceSelector' | 'podSelector'>;
type Port = Pick<NetworkPolicyPort, 'port' | 'protocol'>;

interface Selector {
  matchLabels?: Labels;
  matchExpressions?: { key: string; operator: string; values?: string[] }[];
}
