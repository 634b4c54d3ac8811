import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const SYSTEMS = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32', 'wasi'];
const PROCESSORS = ['wasm32', 'x64', 'arm64', 'arm', 'ia32', 'ppc64', 'riscv64', 's390x'];

/**
 * Completes `package-lock.json` after a change of dependencies with a registry that serves only some platforms' packages:
 * npm omits the others from the lock, and `npm ci` then refuses it everywhere. Each is added as npm would add it, without
 * its integrity. Run it after `npm install`: node scripts/complete-lock.mjs
 */
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const path = fileURLToPath(new URL('../package-lock.json', import.meta.url));
  const lock = JSON.parse(readFileSync(path, 'utf8'));
  const missing = missingPlatforms(lock.packages);
  for (const { at, entry } of missing) lock.packages[at] = entry;
  lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
  process.stdout.write(`${missing.length} packages of other platforms were added to the lock\n`);
}

/** The optional packages that packages of a lock name but the lock does not have, with their entries. */
export function missingPlatforms(packages) {
  return Object.entries(packages).flatMap(([from, { optionalDependencies = {}, dev, devOptional }]) =>
    Object.entries(from ? optionalDependencies : {})
      .filter(([name, version]) => !satisfies(entryFrom(packages, from, name), version))
      .map(([name, version]) => ({
        at: entryFrom(packages, from, name) ? `${from}/node_modules/${name}` : `node_modules/${name}`,
        entry: {
          version: version.replace(/^[\^~]/, ''),
          ...platformOf(name),
          ...(dev ? { dev: true } : devOptional ? { devOptional: true } : {}),
          optional: true,
        },
      })),
  );
}

/** Ranges are left to npm; a platform's package is named by its exact version. */
function satisfies(entry, version) {
  return entry !== null && (entry.version === version || /^[\^~><*]/.test(version));
}

/** The entry that Node would resolve for a name, from a package upwards. */
function entryFrom(packages, from, name) {
  for (let base = from; ; base = base.slice(0, Math.max(0, base.lastIndexOf('/node_modules/')))) {
    const entry = packages[base ? `${base}/node_modules/${name}` : `node_modules/${name}`];
    if (entry || !base) return entry ?? null;
  }
}

/** The platform in the name of a package, such as `@rolldown/binding-linux-arm64-musl`. */
function platformOf(name) {
  const words = name.split(/[-/]/);
  const os = SYSTEMS.find((system) => words.includes(system));
  const cpu = PROCESSORS.find((processor) => words.includes(processor));
  const musl = words.some((word) => word.startsWith('musl'));
  const glibc = os === 'linux' && words.some((word) => word.startsWith('gnu'));
  return {
    ...(cpu ? { cpu: [cpu] } : {}),
    ...(musl ? { libc: ['musl'] } : glibc ? { libc: ['glibc'] } : {}),
    ...(os ? { os: [os] } : {}),
  };
}
