import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { outOfDate } from './out-of-date.mjs';
import { prepareGenerated } from './prepare.mjs';
import { root } from './run.mjs';

/**
 * Checks lint and formatting, which room imports which, unused code, types, words, that every promise of the protocol has its
 * tests, and that the generated files are current. Exits with 1 when any check fails; each one reports its faults.
 */
prepareGenerated();
const dashboards = ['overview', 'live', 'models', 'queues', 'runtime'].map(
  (name) => `deploy/grafana/provisioning/dashboards/${name}.json`,
);
const documents = ['client/src/gql', 'packages/client/src/gql'].flatMap((folder) =>
  ['gql.ts', 'graphql.ts', 'index.ts', 'persisted-documents.json'].map((name) => `${folder}/${name}`),
);
const failed = [
  check('lint', 'npx', ['biome', 'check', '--error-on-warnings']),
  check('arrows between the rooms', 'npx', ['tsx', 'scripts/check-arrows.ts']),
  check('unused code', 'npx', ['knip', '--treat-config-hints-as-errors', '--no-progress']),
  check('types', 'npx', ['tsc', '-p', '.']),
  check('client types', 'npx', ['tsc', '-p', 'client']),
  check('words', 'npx', ['tsx', 'scripts/check-words.ts']),
  check('protocol', process.execPath, ['scripts/check-protocol.mjs']),
  isCurrent('settings', ['README.md', '.env.example'], 'npx', ['tsx', 'scripts/print-settings.ts']),
  isCurrent('schema.graphql', ['schema.graphql'], 'npx', ['tsx', 'scripts/print-schema.ts']),
  isCurrent('API reference', ['docs/api.md'], 'npx', ['tsx', 'scripts/print-api.ts']),
  isCurrent("clients' page", ['docs/clients.md'], 'npx', ['tsx', 'scripts/print-clients.ts']),
  isCurrent('document types', documents, 'npx', ['graphql-codegen']),
  isCurrent('text values', ['client/src/language/text-values.ts'], 'npx', ['tsx', 'scripts/print-texts.ts']),
  isCurrent('redaction page', ['packages/redaction/README.md'], 'npx', ['tsx', 'scripts/print-redaction.ts']),
  isCurrent('line model', ['core/floor/line-model.ts'], 'npx', ['tsx', 'scripts/print-line-model.ts']),
  isCurrent('dashboards', dashboards, 'npx', ['tsx', 'scripts/print-dashboards.ts']),
].filter((name) => name !== null);

if (failed.length > 0) {
  process.stderr.write(`check: failed: ${failed.join(', ')}\n`);
  process.exit(1);
}
process.stdout.write(
  "check: lint, arrows, unused code, types, words, protocol, settings, schema, API reference, clients' page, document types, text values, redaction page, line model and dashboards are in order\n",
);

function check(name, command, args) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: root, encoding: 'utf8' });
  if (status === 0) return null;
  process.stderr.write(`${stdout}${stderr}\n`);
  return name;
}

/** What was out of date is current afterwards, and wants to be committed. */
function isCurrent(name, files, command, args) {
  let fault = null;
  const stale = outOfDate(
    files.map((file) => join(root, file)),
    () => {
      fault = check(name, command, args);
    },
  );
  if (fault || stale.length === 0) return fault;
  process.stderr.write(`${files.join(', ')} was out of date and has been written again: commit it\n`);
  return name;
}
