// The thread of the embedded PostgreSQL, so that SQL never blocks the event loop of the process.
// Plain JavaScript, so that it runs under every loader and beside a bundle.
//
// workerData: { dataDir, address }, where address is `{ path }` or `{ host, port }` to listen on. The thread posts { port }
// when it listens (undefined on a path), and { isDiskFull: true } after each statement that failed because the disk is full.
// It ends when it receives any message.
import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketHandler } from '@electric-sql/pglite-socket';
import { AnswerWatch } from './answer-watch.mjs';
import { SETTINGS } from './pglite-settings.mjs';

/**
 * More than all pools of the process together, which have ten connections each: a refused connection would lose a job or a
 * timer, and no other process can reach the address.
 */
const MAX_CONNECTIONS = 400;

/** Messages of the extended protocol that take effect only with the Sync or Flush after them. */
const HELD = new Set(Array.from('PBDEC', (letter) => letter.charCodeAt(0)));
/** Query and Sync, whose answer ends with ReadyForQuery: a letter, a length of 4 bytes, the state. */
const ANSWERED = new Set(Array.from('QS', (letter) => letter.charCodeAt(0)));
const READY = 'Z'.charCodeAt(0);
const READY_LENGTH = 6;
const TERMINATE = 'X'.charCodeAt(0);

/**
 * Schedules the connections on the session that they share, one batch of messages at a time: scheduling single messages, as
 * the package's own queue does, binds one connection's values to another's statement. While a transaction is open, only its
 * connection is scheduled. COPY from the client is not supported.
 */
class SessionQueue {
  #db;
  #held = new Map();
  #turns = [];
  #owner = null;
  #busy = false;
  #watch = new AnswerWatch();
  #onNotification;
  #onDiskFull;

  /**
   * `onNotification` is called with the bytes of each notification, between two messages of any connection; `onDiskFull`
   * is called after a statement that failed because the disk is full.
   */
  constructor(db, { onNotification, onDiskFull }) {
    this.#db = db;
    this.#onNotification = onNotification;
    this.#onDiskFull = onDiskFull;
  }

  /** Resolves to the number of bytes of the answer when the batch that the message completes has run. */
  async enqueue(connection, message, onData) {
    const batch = this.#held.get(connection) ?? [];
    if (message[0] === TERMINATE) return 0;
    batch.push(message);
    if (HELD.has(message[0])) {
      this.#held.set(connection, batch);
      return 0;
    }
    this.#held.delete(connection);
    return await new Promise((resolve, reject) => {
      this.#turns.push({ connection, batch, onData, resolve, reject });
      this.#run();
    });
  }

  /** Drops the pending batches of a closed connection. */
  clearQueueForHandler(connection) {
    this.#held.delete(connection);
    const gone = this.#turns.filter((turn) => turn.connection === connection);
    this.#turns = this.#turns.filter((turn) => turn.connection !== connection);
    for (const turn of gone) turn.reject(new Error('connection closed'));
  }

  /** Rolls back the transaction that a closed connection left open. */
  async clearTransactionIfNeeded(connection) {
    await this.#db.runExclusive(() => {});
    if (this.#owner !== connection) return;
    await this.#db.exec('rollback');
    this.#owner = null;
    this.#run();
  }

  async #run() {
    if (this.#busy) return;
    this.#busy = true;
    for (let turn = this.#next(); turn; turn = this.#next()) {
      try {
        turn.resolve(await this.#db.runExclusive(() => this.#speak(turn)));
      } catch (error) {
        // A wrong statement gets an answer; an error here means that the engine crashed. The thread ends, and its owner
        // starts another one.
        setImmediate(() => {
          throw error;
        });
        return;
      }
    }
    this.#busy = false;
  }

  #next() {
    const index = this.#owner === null ? 0 : this.#turns.findIndex((turn) => turn.connection === this.#owner);
    return index < 0 ? undefined : this.#turns.splice(index, 1)[0];
  }

  async #speak({ connection, batch, onData }) {
    let bytes = 0;
    let tail = [];
    const onRawData = (data) => {
      bytes += data.length;
      this.#watch.read(data);
      tail = [...tail, ...data.slice(-READY_LENGTH)].slice(-READY_LENGTH);
      onData(data);
    };
    for (const message of batch) await this.#db.execProtocolRawStream(message, { onRawData });
    if (this.#watch.takeDiskFull()) this.#onDiskFull();
    if (ANSWERED.has(batch.at(-1)[0]) && tail[0] !== READY)
      throw new Error('PostgreSQL left a query unanswered');
    this.#owner = this.#db.isInTransaction() ? connection : null;
    for (const notification of this.#watch.takeNotifications()) this.#onNotification(notification);
    return bytes;
  }
}

const db = await PGlite.create(workerData.dataDir, { postgresqlconf: SETTINGS });
await serve(workerData.address);

async function serve(address) {
  // Start-up options have no effect on a shared session: BullMQ finds its tables by the search path, and the application
  // names `public`.
  await db.exec('create schema if not exists bullmq; set search_path = bullmq, public');
  const sockets = new Set();
  const queryQueue = new SessionQueue(db, {
    onNotification(notification) {
      for (const socket of sockets) if (socket.writable) socket.write(notification);
    },
    onDiskFull: () => parentPort.postMessage({ isDiskFull: true }),
  });
  const handlers = new Set();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    const handler = new PGLiteSocketHandler({ queryQueue, closeOnDetach: true });
    handlers.add(handler);
    for (const end of ['close', 'error']) handler.addEventListener(end, () => handlers.delete(handler));
    handler.attach(socket);
  });
  // A crashed thread leaves its socket behind; only this process uses the directory.
  if (address.path) rmSync(address.path, { force: true });
  server.maxConnections = MAX_CONNECTIONS;
  await new Promise((resolve, reject) => server.once('error', reject).listen(address, resolve));

  parentPort.once('message', async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    await Promise.all(Array.from(handlers, (handler) => handler.detach(true)));
    await closed;
    await db.close();
    parentPort.close();
  });
  parentPort.postMessage({ port: address.port === undefined ? undefined : server.address().port });
}
