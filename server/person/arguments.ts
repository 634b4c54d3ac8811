import { DEFAULT_TENANT, type Owner } from '../../core/domain/owner.ts';
import { StartError } from '../../core/domain/start-error.ts';

/** The arguments of `npm run person` are wrong; the message is one line. */
export class PersonArgumentError extends StartError {
  override name = 'PersonArgumentError';
}

export interface PersonArguments {
  action: 'export' | 'erase';
  person: Owner;
}

const USAGE = 'npm run person -- --export alice | --erase alice [--tenant acme]';

/** @throws {PersonArgumentError} */
export function readPersonArguments(args: readonly string[]): PersonArguments {
  const given = new Map<string, string>();
  for (let i = 0; i < args.length; i += 2) {
    const [option = '', value] = args.slice(i, i + 2);
    if (!/^--(?:export|erase|tenant)$/.test(option) || !value || value.startsWith('--') || given.has(option))
      throw new PersonArgumentError(`cannot read ${JSON.stringify(option)}; use ${USAGE}`);
    given.set(option, value);
  }
  const [exported, erased] = [given.get('--export'), given.get('--erase')];
  const owner = exported ?? erased;
  if (owner === undefined) throw new PersonArgumentError(`whose data is missing; use ${USAGE}`);
  if (exported !== undefined && erased !== undefined)
    throw new PersonArgumentError(`--export and --erase are two calls; use ${USAGE}`);
  const person = { owner, tenant: given.get('--tenant') ?? DEFAULT_TENANT };
  return { action: exported === undefined ? 'erase' : 'export', person };
}
