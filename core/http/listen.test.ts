import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { listen } from './listen.ts';

const SOMAXCONN = '/proc/sys/net/core/somaxconn';
const hasFigures = existsSync(SOMAXCONN) && spawnSync('ss', ['-V']).status === 0;

test.skipIf(!hasFigures)(
  `${hasFigures ? '' : 'SKIPPED, no Linux with ss: '}as many connections may wait to be accepted as the kernel allows`,
  async () => {
    const server = createServer();
    const variables = { host: 'HOST', port: 'PORT' };
    const { port } = new URL(await listen(server, { host: '127.0.0.1', port: 0, variables }));
    // Of a socket that listens, the second figure is the length of its queue.
    const { stdout } = spawnSync('ss', ['-ltnH', `sport = :${port}`], { encoding: 'utf8' });
    server.close();
    expect(stdout.trim().split(/\s+/)[2]).toBe(readFileSync(SOMAXCONN, 'utf8').trim());
  },
);
