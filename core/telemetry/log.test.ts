import { expect, test } from 'vitest';
import { componentLog, createLog, type Log, withLogFields } from './log.ts';

function listening(): { log: Log; lines: Record<string, unknown>[] } {
  const lines: Record<string, unknown>[] = [];
  const to = { write: (line: string) => void lines.push(JSON.parse(line)) };
  return { log: createLog({ level: 'info', format: 'json', to }), lines };
}

test('a line has its component, and the work during which it is written', async () => {
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

test('an error is logged with its causes, but without the fields that a library attached', () => {
  const { log, lines } = listening();
  const cause = Object.assign(new Error('OOM command not allowed'), {
    name: 'ReplyError',
    command: { name: 'evalsha', args: ['my canary'] },
  });
  const err = Object.assign(new Error('unavailable', { cause }), {
    code: 'ECONNREFUSED',
    detail: 'my canary',
  });
  log.warn({ err }, 'unavailable');
  expect(lines[0]).toMatchObject({
    err: { type: 'Error', message: 'unavailable', code: 'ECONNREFUSED', cause: { type: 'ReplyError' } },
  });
  expect(JSON.stringify(lines)).not.toContain('canary');
});

test('the number of logged causes is bounded', () => {
  const { log, lines } = listening();
  const err = new Error('round');
  err.cause = err;
  log.warn({ err }, 'odd');
  expect(lines).toHaveLength(1);
});

test('secrets are not logged, in whichever field they are', () => {
  const { log, lines } = listening();
  log.info({ apiKey: 'hunter2', config: { redisUrl: 'hunter2', deep: { password: 'hunter2' } } }, 'x');
  expect(JSON.stringify(lines)).not.toContain('hunter2');
});
