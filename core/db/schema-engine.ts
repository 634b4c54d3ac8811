import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import {
  bindMigrationAwareSqlAdapterFactory,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils';
import type { SchemaEngine } from '@prisma/schema-engine-wasm';

type Bindings = typeof import('@prisma/schema-engine-wasm/schema_engine_bg') & {
  __wbg_set_wasm(exports: object): void;
};

/**
 * Loads Prisma's schema engine as WebAssembly, which uses a driver adapter and no native binary. Loading takes about 80 ms
 * and reads 6 MB, so load it only when there is something to migrate or compare. The caller must call `free()` on it.
 *
 * @param datamodels Pairs of a file's name and its schema text: the engine reads the provider from it.
 */
export async function loadSchemaEngine(
  adapter: SqlMigrationAwareDriverAdapterFactory,
  datamodels: [name: string, schema: string][],
): Promise<SchemaEngine> {
  instantiated ??= instantiate();
  const { SchemaEngine } = await instantiated;
  return SchemaEngine.new({ datamodels }, () => {}, bindMigrationAwareSqlAdapterFactory(adapter));
}

// The bindings keep views of one memory: a second instance in the process would corrupt the first one.
let instantiated: Promise<Bindings> | undefined;

// The package's own entry imports the .wasm file as a module, which only bundlers support.
async function instantiate(): Promise<Bindings> {
  const path = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const bindings: Bindings = await import(pathToFileURL(path).href);
  const bytes = await readFile(path.replace(/\.js$/, '.wasm'));
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': { ...bindings } });
  bindings.__wbg_set_wasm(instance.exports);
  const start = instance.exports.__wbindgen_start;
  if (typeof start === 'function') start();
  return bindings;
}
