import { vi } from 'vitest';
import type { Config } from '../../core/config/config.ts';
import { clientDir } from '../../core/installation/installed-files.ts';
import { createLog } from '../../core/telemetry/log.ts';
import { type RunningServer, startServer } from '../../server/server.ts';
import type { TestSystem } from './harness.ts';

export interface OverheardServer extends RunningServer {
  /** What it has said to its operator at warn or above, and what any library has printed, line by line. */
  readonly complaints: string[];
}

/** One more server on a system, its complaints within the test's hearing. `config` is what it has of its own. */
export async function startOverheardServer(
  { app }: TestSystem,
  config: Partial<Config> = {},
): Promise<OverheardServer> {
  const complaints: string[] = [];
  const log = createLog({
    level: 'warn',
    format: 'json',
    to: { write: (line) => void complaints.push(line) },
  });
  for (const method of ['error', 'warn'] as const)
    vi.spyOn(console, method).mockImplementation(
      (...args) => void complaints.push(args.map(String).join(' ')),
    );
  const server = await startServer({ ...app, log, config: { ...app.config, ...config } }, clientDir());
  return { ...server, complaints };
}
