import { copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import { defineConfig } from 'rolldown';

/** Bundles the project's own code, with packages/, for Node; dependencies stay in node_modules. */
export default defineConfig({
  input: {
    main: 'main.ts',
    'server-main': 'server/main.ts',
    'worker-main': 'worker/main.ts',
    person: 'server/person/person.ts',
  },
  platform: 'node',
  external: (id) => !/^(?:[./\0]|@taskflow\/)/.test(id),
  output: {
    dir: 'dist',
    format: 'esm',
    sourcemap: true,
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
  },
  plugins: [
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
