import { copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import { defineConfig } from 'rolldown';

/**
 * Dependencies that stay in node_modules: what reads files of its own beside its code (WebAssembly, native addons), and what
 * few processes load. Everything else is bundled: one file starts in half the time of a thousand.
 */
const EXTERNAL =
  /^(?:node:|@electric-sql\/|@prisma\/schema-engine-wasm|fs-native-extensions|msgpackr|bufferutil|utf-8-validate|pg-native|better-auth|@better-auth\/|nodemailer)/;

/** Bundles the processes for Node, with packages/ and dependencies. */
export default defineConfig({
  input: {
    main: 'main.ts',
    'server-main': 'server/main.ts',
    'worker-main': 'worker/main.ts',
    person: 'server/person/person.ts',
  },
  platform: 'node',
  external: EXTERNAL,
  output: {
    dir: 'dist',
    format: 'esm',
    sourcemap: true,
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
  },
  plugins: [
    {
      name: 'source-maps-of-own-code',
      transform: {
        filter: { id: /\/node_modules\// },
        handler: (code) => ({ code, map: { mappings: '' } }),
      },
    },
    {
      name: 'embedded-database-thread',
      writeBundle() {
        mkdirSync('dist/chunks', { recursive: true });
        for (const folder of ['dist', 'dist/chunks']) {
          for (const file of readdirSync('core/db').filter((name) => name.endsWith('.mjs'))) {
            copyFileSync(`core/db/${file}`, `${folder}/${file}`);
          }
        }
      },
    },
  ],
});
