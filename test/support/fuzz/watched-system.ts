import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, vi } from 'vitest';
import { createLog } from '../../../core/telemetry/log.ts';
import { Shares } from '../../../server/limits/shares.ts';
import { startTestSystem, type TestSystem } from '../harness.ts';
import { sumOf, WAIT } from '../held.ts';
import { post } from '../raw-http.ts';
import { tokenFor } from '../tokens.ts';
import { SETTINGS } from './settings.ts';

/** A system that is fuzzed: what it complains of, and what its server holds. */
export interface WatchedSystem extends TestSystem {
  /** A token of an operator, who may call everything. */
  readonly token: string;
  /** Expects that nothing was logged as an error, printed or left unhandled. */
  expectNoComplaints(): void;
  /** Expects the same, and that an honest caller is served now. */
  expectAlive(): Promise<void>;
  /** Waits until the server holds no more than when it was started: sockets, subscriptions, running operations. */
  untilNothingIsHeld(): Promise<void>;
}

/**
 * Starts a system for the tests of a file, and gives it to `use` before the first one. After each an honest caller must be
 * served, and nothing be held.
 */
export function watchSystem(use: (system: WatchedSystem) => void): void {
  let system: WatchedSystem;
  beforeAll(async () => {
    system = await startWatchedSystem();
    use(system);
    await system.expectAlive();
  });
  afterEach(async () => {
    await system.expectAlive();
    await system.untilNothingIsHeld();
  });
  afterAll(() => system?.stop());
}

/** Starts a whole system, with a worker, accounts, entities of a federation and a model that answers. */
async function startWatchedSystem(): Promise<WatchedSystem> {
  const complaints: string[] = [];
  const complain = (said: unknown) =>
    void complaints.push(said instanceof Error ? `${said.stack}` : String(said));
  const expectNoComplaints = () => expect(complaints.splice(0)).toEqual([]);
  const log = createLog({ level: 'error', format: 'json', to: { write: complain } });
  const printed = (['error', 'warn'] as const).map((method) =>
    vi.spyOn(console, method).mockImplementation((...all) => complain(all.map(String).join(' '))),
  );
  for (const event of PROCESS_EVENTS) process.on(event, complain);
  const sockets = new Set<Socket>();
  const onSocket = (message: unknown) => {
    const { socket } = message as { socket: Socket };
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  };
  subscribe(SERVER_SOCKETS, onSocket);
  const shares = countShares();

  const system = await startTestSystem(SETTINGS, { log });
  system.upstream.answerAll('Yes.');
  const token = await tokenFor({ sub: 'olga', role: 'OPERATOR' });
  const port = Number(new URL(system.url).port);
  const held = async () => ({
    sockets: [...sockets].filter(({ localPort }) => localPort === port).length,
    subscriptions: await sumOf(system.app.metrics.subscriptionsActive),
    webSockets: await sumOf(system.app.metrics.wsConnectionsActive),
    shares: shares.taken(),
  });
  return {
    ...system,
    token,
    expectNoComplaints,
    async expectAlive() {
      const answer = await post(
        system.url,
        { query: '{ viewer { id } }' },
        { authorization: `Bearer ${token}` },
      );
      expect([answer.status, answer.body]).toEqual([200, '{"data":{"viewer":{"id":"olga"}}}']);
      expectNoComplaints();
    },
    async untilNothingIsHeld() {
      const nothing = { sockets: 0, subscriptions: 0, webSockets: 0, shares: 0 };
      await vi.waitFor(async () => expect(await held()).toEqual(nothing), WAIT);
    },
    async stop() {
      await system.stop();
      unsubscribe(SERVER_SOCKETS, onSocket);
      for (const event of PROCESS_EVENTS) process.off(event, complain);
      for (const spy of [...printed, shares]) spy.mockRestore();
      expectNoComplaints();
    },
  };
}

/** On which Node reports each connection that a server of this process accepts. */
const SERVER_SOCKETS = 'net.server.socket';

const PROCESS_EVENTS = ['warning', 'uncaughtException', 'unhandledRejection'] as const;

/** Counts the shares of callers that are taken and not given back: of connections, sockets, operations, subscriptions. */
function countShares() {
  const { take } = Shares.prototype;
  let taken = 0;
  const spy = vi.spyOn(Shares.prototype, 'take').mockImplementation(function (this: Shares, key, most) {
    const give = take.call(this, key, most);
    if (!give) return null;
    taken += 1;
    let isOver = false;
    return () => {
      if (!isOver) taken -= 1;
      isOver = true;
      give();
    };
  });
  return { taken: () => taken, mockRestore: () => spy.mockRestore() };
}
