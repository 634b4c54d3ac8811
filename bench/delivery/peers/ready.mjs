/** Reports the address of a server that listens, in the form of TaskFlow's log, and ends the process on SIGTERM. */
export function reportReady(port) {
  process.stdout.write(`${JSON.stringify({ msg: 'ready', url: `http://127.0.0.1:${port}` })}\n`);
  process.once('SIGTERM', () => process.exit(0));
}

/** Listens on a free port of this machine. */
export function listen(server) {
  server.listen(0, '127.0.0.1', () => reportReady(server.address().port));
}
