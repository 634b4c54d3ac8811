import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { loadConfig } from '../core/config/config.ts';
import { openDatabase } from '../core/db/database.ts';
import { StartError } from '../core/domain/start-error.ts';
import { seedMonth } from './seed/month.ts';
import { seedVolume } from './seed/volume.ts';

// npm run db:seed -- [--conversations N]
// Stores a prepared month of conversations of the local user; with N, adds generated ones up to N in total.
// Running it again only adds missing ones.

const migrationsDir = fileURLToPath(new URL('./migrations', import.meta.url));

class UsageError extends Error {}

try {
  const total = readTotal();
  const database = await openDatabase({ ...loadConfig(), migrationsDir });
  const now = new Date();
  try {
    const written = await seedMonth(database.prisma, now);
    const plain = total === undefined ? 0 : await seedVolume(database.prisma, total, now);
    const done = written + plain > 0 ? `Added ${written + plain} conversations to` : 'Seeded already:';
    process.stdout.write(`${done} ${database.target}\n`);
  } finally {
    await database.close();
  }
} catch (error) {
  const expected = error instanceof UsageError || error instanceof StartError;
  if (!expected) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

function readTotal(): number | undefined {
  const { conversations } = readOptions();
  if (conversations === undefined) return undefined;
  if (!/^[1-9]\d{0,7}$/.test(conversations)) {
    throw new UsageError('--conversations must be a whole number from 1 to 99999999');
  }
  return Number(conversations);
}

function readOptions(): { conversations?: string | undefined } {
  try {
    return parseArgs({ options: { conversations: { type: 'string' } } }).values;
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : error}`.split('. ')[0]);
  }
}
