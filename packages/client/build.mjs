import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes `dist/`, what is published: modules and their types. `npm pack` and `npm publish` run it. */
const dist = join(import.meta.dirname, 'dist');
rmSync(dist, { recursive: true, force: true });
const { status } = spawnSync('npx', ['tsc', '-p', import.meta.dirname], { stdio: ['ignore', 2, 2] });
if (status !== 0) process.exit(1);

// Documents are published without what only people read, and so that a bundler can leave out those that are not used.
rewrite('gql/graphql.js', (code) =>
  code
    .replace(/export const \w+FragmentDoc = new [^`]*`[^`]*`[^`]*?;\n/g, '')
    .replace(/`\n([^`]*)`/g, (_, text) => `\`${text.replace(/\s+/g, ' ').trim()}\``)
    .replaceAll('= new Typed', '= /* @__PURE__ */ new Typed'),
);
// The one type that they take from another package, so that the types need no other package.
rewrite('gql/graphql.d.ts', (types) =>
  types.replace(
    /import type \{ DocumentTypeDecoration \} from .*\n/,
    'interface DocumentTypeDecoration<Result, Variables> { __apiType?: (variables: Variables) => Result }\n',
  ),
);
// The compiler rewrites the imports of modules, and leaves those of types.
for (const file of readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((it) =>
  it.endsWith('.d.ts'),
))
  rewrite(file, (types) => types.replace(/'(\.[^']*)\.ts'/g, "'$1.js'"), true);

function rewrite(file, change, mayBeSame = false) {
  const path = join(dist, file);
  const before = readFileSync(path, 'utf8');
  const after = change(before);
  if (after === before && !mayBeSame) throw new Error(`${file} is not what this build expects`);
  writeFileSync(path, after);
}
