import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig, type Plugin } from 'vite';
import { compileMessages } from './compile-messages.ts';
import { precompress } from './precompress.ts';
import { proxyTarget } from './proxy-target.ts';

/** recharts and what it stands on. */
const CHARTS =
  /node_modules\/(recharts|d3-[a-z-]+|victory-vendor|@reduxjs|react-redux|redux|redux-thunk|reselect|immer|es-toolkit|decimal\.js-light|eventemitter3|internmap|tiny-invariant|use-sync-external-store|react-is|@standard-schema|clsx)\//;

/** Puts the list of the client's operations beside it, for a server that executes only listed ones. */
const listOperations: Plugin = {
  name: 'list-operations',
  generateBundle() {
    const fileName = 'persisted-documents.json';
    this.emitFile({
      type: 'asset',
      fileName,
      source: readFileSync(join(import.meta.dirname, 'src/gql', fileName)),
    });
  },
};

/**
 * Builds the client to `dist/client` at the project's root. The development server passes `/graphql`, WebSocket included,
 * and `/auth` on to the server. Nothing is inlined, so that a strict Content-Security-Policy holds.
 */
export default defineConfig(({ command }) => ({
  root: import.meta.dirname,
  // The packages of this workspace as they are written, not as they are built.
  resolve: { conditions: ['@taskflow/source', ...defaultClientConditions] },
  plugins: [react(), compileMessages, listOperations, precompress],
  build: {
    outDir: '../dist/client',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    target: 'es2022',
    rolldownOptions: {
      output: {
        // What changes seldom stays in the browser's cache when the client itself changes.
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules\/(react|react-dom|scheduler)\// },
            // What only the charts need is loaded with them.
            { name: 'charts', test: CHARTS },
            { name: 'vendor', test: /node_modules\// },
          ],
        },
      },
    },
  },
  server: {
    port: 5173,
    proxy: command === 'serve' ? proxied(proxyTarget(process.env)) : {},
  },
}));

function proxied(target: string) {
  return { '/graphql': { target, ws: true }, '/auth': { target } };
}
