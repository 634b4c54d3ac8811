import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Plugin } from 'vite';

/** Below this size in bytes a response fits into one packet as it is. */
const WORTH_BYTES = 1_024;

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);

/**
 * Writes beside each built file of text what a server answers to callers that accept Brotli (`.br`) or gzip (`.gz`), as small
 * as these get: it takes seconds once, and the server compresses no file.
 */
export const precompress: Plugin = {
  name: 'precompress',
  apply: 'build',
  async writeBundle({ dir }, bundle) {
    if (dir === undefined) return;
    await Promise.all(
      Object.values(bundle).map(async (file) => {
        const content = Buffer.from(file.type === 'chunk' ? file.code : file.source);
        if (content.length < WORTH_BYTES || !/\.(?:js|css|html|json|svg)$/.test(file.fileName)) return;
        const path = join(dir, file.fileName);
        await writeFile(`${path}.br`, await brotli(content, { params: smallest(content.length) }));
        await writeFile(`${path}.gz`, await zip(content, { level: constants.Z_BEST_COMPRESSION }));
      }),
    );
  },
};

function smallest(size: number) {
  return {
    [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: size,
  };
}
