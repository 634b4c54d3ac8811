import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Handler } from '../../core/http/handler.ts';
import { renderPage } from '../graphiql/render-page.ts';
import { pageHeaders } from './page-headers.ts';

/** Whether a browser asks for the page of GraphiQL. */
export function isPageRequest({ method, headers }: Pick<IncomingMessage, 'method' | 'headers'>): boolean {
  return method === 'GET' && headers.accept?.toLowerCase().includes('text/html') === true;
}

/** Serves the page of GraphiQL, which is the same for every caller: it holds no user's data and executes no operation. */
export function serveGraphiql(): Handler {
  let page: Promise<Page> | null = null;
  return async (_request, response) => {
    page ??= makePage();
    const { body, headers } = await page;
    response.writeHead(200, headers).end(body);
  };
}

async function makePage(): Promise<Page> {
  const html = await renderPage();
  const body = Buffer.from(html);
  return {
    body,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-length': String(body.length),
      'cache-control': 'no-cache',
      ...pageHeaders(policyFor(html)),
    },
  };
}

/** Its scripts by their hashes, and what its editor needs: workers and fonts that are part of the page, and styles. */
function policyFor(html: string): Record<string, string> {
  return {
    'default-src': "'none'",
    'script-src': scriptsIn(html).map(hashSource).join(' '),
    'worker-src': 'blob:',
    'style-src': "'unsafe-inline'",
    'font-src': 'data:',
    'img-src': 'data:',
    'connect-src': "'self'",
    'form-action': "'none'",
  };
}

/** The texts of the inline scripts. In one of them `<script>` is part of a string. */
function scriptsIn(html: string): string[] {
  return [...html.matchAll(/<script>(.*?)<\/script>/gs)].map(([, script = '']) => script);
}

function hashSource(script: string): string {
  return `'sha256-${createHash('sha256').update(script).digest('base64')}'`;
}

interface Page {
  body: Buffer;
  headers: Record<string, string>;
}
