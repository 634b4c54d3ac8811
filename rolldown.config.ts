import { copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import { defineConfig } from 'rolldown';

/** Bundles our own code for Node; dependencies stay in node_modules. */
export default defineConfig({
  input: { main: 'main.ts', 'server-main': 'server/main.ts', 'worker-main': 'worker/main.ts' },
  platform: 'node',
  external: (id) =>
    !id.startsWith('@taskflow/') && !id.startsWith('.') && !id.startsWith('/') && !id.startsWith('\0'),
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
