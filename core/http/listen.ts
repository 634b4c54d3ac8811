import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StartError } from '../domain/start-error.ts';

/** An address, and the names of the variables that set it. */
export interface Address {
  host: string;
  /** 0: any free port. */
  port: number;
  /** The names of the variables to change. */
  variables: { host: string; port: string };
}

/**
 * How many connections may wait to be accepted: as many as the kernel allows (net.core.somaxconn, 4,096 on Linux). Node's own
 * 511 are filled at once when thousands come back, or attack, and the next caller then waits a second and more for the
 * kernel's second try.
 */
const BACKLOG = 65_535;

/**
 * Listens, and returns the URL, such as `http://127.0.0.1:4000`.
 * @throws {StartError} when it cannot; the message is one line that names both variables
 */
export async function listen(server: Server, { host, port, variables }: Address): Promise<string> {
  server.listen({ port, host, backlog: BACKLOG });
  try {
    await once(server, 'listening');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = LISTEN_FAULTS[code ?? ''] ?? message;
    const where = `${variables.host} ${host}, ${variables.port} ${port}`;
    throw new StartError(`cannot listen on ${where}: ${reason}`, { cause: error });
  }
  return urlOf(server, host);
}

const LISTEN_FAULTS: Record<string, string | undefined> = {
  EADDRINUSE: 'another program listens there',
  EACCES: 'that port needs more privileges',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'no such host',
};

function urlOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
