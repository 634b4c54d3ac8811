import { pino } from 'pino';
import { createLog, type Log } from '../../core/telemetry/log.ts';

/** A logger for tests that keeps its lines, each as level and text, such as `warn it is late`. */
export function keptLog(): { log: Log; lines: string[] } {
  const lines: string[] = [];
  const write = (json: string) => {
    const { level, msg } = JSON.parse(json);
    lines.push(`${pino.levels.labels[level]} ${msg}`);
  };
  return { log: pino({}, { write }), lines };
}

/** The product's own logger, which keeps its lines as they are written. */
export function rawLog(): { log: Log; lines: string[] } {
  const lines: string[] = [];
  const to = { write: (line: string) => void lines.push(line) };
  return { log: createLog({ level: 'info', format: 'json', to }), lines };
}
