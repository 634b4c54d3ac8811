import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A network between a browser and a server that a test can cut. */
export interface CuttableProxy {
  /** The URL of the server through this proxy. */
  readonly url: string;
  /** Destroys every connection, and every new one until {@link CuttableProxy.restore}. */
  cut(): void;
  /** Destroys every connection once; new ones go through. Returns how many there were. */
  drop(): number;
  restore(): void;
  /** Passes new connections to another server, an `http:` URL. */
  aim(target: string): void;
  stop(): Promise<void>;
}

/** Passes all bytes to and from the server at `target`, an `http:` URL. */
export async function startCuttableProxy(target: string): Promise<CuttableProxy> {
  let { hostname, port } = new URL(target);
  const open = new Set<Socket>();
  let isCut = false;
  const server = createServer((near) => {
    if (isCut) return near.destroy();
    const far = connect(Number(port), hostname);
    join(near, far);
    join(far, near);
    open.add(near);
    near.on('close', () => open.delete(near));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const drop = () => {
    const sockets = [...open];
    for (const socket of sockets) socket.destroy();
    return sockets.length;
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut() {
      isCut = true;
      drop();
    },
    drop,
    restore() {
      isCut = false;
    },
    aim(next) {
      ({ hostname, port } = new URL(next));
    },
    async stop() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      drop();
      await closed;
    },
  };
}

/** Passes the bytes and the end of one socket to the other. */
function join(from: Socket, to: Socket): void {
  from.pipe(to);
  from.on('error', () => to.destroy());
  from.on('close', () => to.destroy());
}
