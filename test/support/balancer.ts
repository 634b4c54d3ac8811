import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** One address for several servers, like a proxy: each connection goes to the next server that accepts it. */
export interface Balancer {
  readonly url: string;
  add(target: string): void;
  remove(target: string): void;
  stop(): Promise<void>;
}

/** Passes all bytes in both directions; a connection that one server refuses goes to another. */
export async function startBalancer(): Promise<Balancer> {
  const targets: URL[] = [];
  const open = new Set<Socket>();
  const server = createServer({ pauseOnConnect: true }, async (near) => {
    open.add(near);
    near.on('error', () => {});
    near.on('close', () => open.delete(near));
    const far = await firstThatTakes(targets);
    if (!far) return near.destroy();
    targets.push(...targets.splice(0, 1));
    pass(near, far);
    pass(far, near);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    add: (target) => void targets.push(new URL(target)),
    remove: (target) => {
      const at = targets.findIndex(({ origin }) => origin === new URL(target).origin);
      if (at >= 0) targets.splice(at, 1);
    },
    async stop() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}

async function firstThatTakes(targets: readonly URL[]): Promise<Socket | null> {
  for (const { hostname, port } of [...targets]) {
    const far = connect(Number(port), hostname);
    try {
      await once(far, 'connect');
      return far;
    } catch {
      far.destroy();
    }
  }
  return null;
}

/** Passes the bytes and the end of one socket to the other. */
function pass(from: Socket, to: Socket): void {
  from.pipe(to);
  from.on('error', () => to.destroy());
  from.on('close', () => to.destroy());
}
