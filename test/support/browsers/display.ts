import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { end } from '../servers/own-server.ts';
import { WINDOW_SIZE } from './driver.ts';

/** The path of Xvfb, an X server without a screen; undefined if there is none. */
export const XVFB = ['/usr/bin/Xvfb'].find(existsSync);

/** How many windows can be seen at once. */
export const ROOM = 3;

/** A virtual display. */
export interface Display {
  /** For the variable DISPLAY. */
  readonly name: string;
  close(): Promise<void>;
}

/** Starts one that has room for {@link ROOM} windows side by side. */
export async function startDisplay(): Promise<Display> {
  const server = spawn(
    XVFB ?? 'Xvfb',
    ['-displayfd', '3', '-screen', '0', `${ROOM * WINDOW_SIZE.width}x1024x24`, '-nolisten', 'tcp'],
    { stdio: ['ignore', 'ignore', 'inherit', 'pipe'] },
  );
  const [number] = await once(server.stdio[3] as Readable, 'data');
  return {
    name: `:${String(number).trim()}`,
    close: () => end(server, 'SIGTERM'),
  };
}
