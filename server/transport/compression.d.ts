/** What is used of the package `compression`; @types/compression knows only the requests of Express. */
declare module 'compression' {
  import type { IncomingMessage, ServerResponse } from 'node:http';
  import type { BrotliOptions } from 'node:zlib';

  export default function compression(options: {
    /** In bytes. */
    threshold: number;
    /** Of gzip. */
    level: number;
    brotli: BrotliOptions;
    filter(request: IncomingMessage, response: ServerResponse): boolean;
  }): (request: IncomingMessage, response: ServerResponse, next: () => void) => void;
}
