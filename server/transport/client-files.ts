import { existsSync } from 'node:fs';
import { join } from 'node:path';
import sirv from 'sirv';
import type { Handler } from '../../core/http/handler.ts';
import { acceptedEncodings } from './accepted-encodings.ts';
import { pageHeaders } from './page-headers.ts';

/** The page may load files from, and connect to, only this server. */
const HEADERS = pageHeaders({
  'default-src': "'self'",
  'script-src': "'self'",
  'style-src': "'self'",
  'img-src': "'self' data:",
  'connect-src': "'self'",
  'object-src': "'none'",
  'form-action': "'self'",
});

/** The list of the client's operations, which its build writes (client/vite.config.ts); null if it is not built. */
export function listOfClient(directory: string): string | null {
  const path = join(directory, 'persisted-documents.json');
  return existsSync(path) ? path : null;
}

/**
 * Serves the built web client, compressed as its build has left it (client/precompress.ts). For any path that is not a file it
 * serves the client's page.
 */
export function serveClient(directory: string): Handler {
  if (!existsSync(join(directory, 'index.html'))) {
    return (_request, response) => {
      response
        .writeHead(404, { 'content-type': 'text/plain' })
        .end('The web client is not built: npm run build\n');
    };
  }
  const serve = sirv(directory, {
    single: true,
    etag: true,
    brotli: true,
    gzip: true,
    setHeaders: (response, path) => {
      const hashed = path.startsWith('/assets/');
      response.setHeader('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
      for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    },
  });
  return (request, response) => {
    const { headers } = request;
    // sirv takes an encoding that is refused (`q=0`) for one that is accepted, and replaces what is in Vary.
    headers['accept-encoding'] = acceptedEncodings(headers['accept-encoding']).join(', ');
    serve(request, response, () => {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('Not found\n');
    });
  };
}
