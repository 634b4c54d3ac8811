import { expect, test } from 'vitest';
import { componentLog, createLog, type Log, withLogFields } from './log.ts';

function listening(): { log: Log; lines: Record<string, unknown>[] } {
  const lines: Record<string, unknown>[] = [];
  const to = { write: (line: string) => void lines.push(JSON.parse(line)) };
  return { log: createLog({ level: 'info', format: 'json', to }), lines };
}

test('a line bears its part, and what is being worked on when it is written', async () => {
  const { log, lines } = listening();
  const turns = componentLog(log, 'turns');
  await withLogFields({ requestId: 'r' }, () =>
    withLogFields({ conversationId: 'c' }, async () => {
      await Promise.resolve();
      turns.info({ model: 'm' }, 'inside');
    }),
  );
  turns.info('outside');
  expect(lines[0]).toMatchObject({
    component: 'turns',
    requestId: 'r',
    conversationId: 'c',
    model: 'm',
    msg: 'inside',
  });
  expect(lines[1]).not.toHaveProperty('requestId');
});

test('of an error is said what it is and what led to it, not what a library attached to it', () => {
  const { log, lines } = listening();
  const cause = Object.assign(new Error('OOM command not allowed'), {
    name: 'ReplyError',
    command: { name: 'evalsha', args: ['my canary'] },
  });
  const err = Object.assign(new Error('away', { cause }), { code: 'ECONNREFUSED', detail: 'my canary' });
  log.warn({ err }, 'unavailable');
  expect(lines[0]).toMatchObject({
    err: { type: 'Error', message: 'away', code: 'ECONNREFUSED', cause: { type: 'ReplyError' } },
  });
  expect(JSON.stringify(lines)).not.toContain('canary');
});

test('errors that lead to one another are named so far and no further', () => {
  const { log, lines } = listening();
  const err = new Error('round');
  err.cause = err;
  log.warn({ err }, 'odd');
  expect(lines).toHaveLength(1);
});

test('secrets are not written, wherever they stand', () => {
  const { log, lines } = listening();
  log.info({ apiKey: 'hunter2', config: { redisUrl: 'hunter2', deep: { password: 'hunter2' } } }, 'x');
  expect(JSON.stringify(lines)).not.toContain('hunter2');
});
