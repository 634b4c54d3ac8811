import { pino } from 'pino';
import type { Log } from '../../core/telemetry/log.ts';

/** A logger for tests that keeps its lines, each as level and text, such as `warn it is late`. */
export function keptLog(): { log: Log; lines: string[] } {
  const lines: string[] = [];
  const write = (json: string) => {
    const { level, msg } = JSON.parse(json);
    lines.push(`${pino.levels.labels[level]} ${msg}`);
  };
  return { log: pino({}, { write }), lines };
}
