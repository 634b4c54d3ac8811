import { vi } from 'vitest';
import type { Config } from '../../core/config/config.ts';
import { clientDir } from '../../core/installation/installed-files.ts';
import { createLog } from '../../core/telemetry/log.ts';
import { type RunningServer, startServer } from '../../server/server.ts';
import type { TestSystem } from './harness.ts';

export interface OverheardServer extends RunningServer {
  /** Its log lines at warn or above, and everything that libraries have printed, line by line. */
  readonly complaints: string[];
}

/** Starts another server on a system and keeps its warnings for the test. `config`: its own settings. */
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
