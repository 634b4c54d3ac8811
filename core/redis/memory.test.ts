import { expect, test } from 'vitest';
import { memoryIn } from './memory.ts';

test('the memory of Redis is read from its answer to INFO', () => {
  const info = '# Memory\r\nused_memory:1048576\r\nused_memory_human:1.00M\r\nmaxmemory:2097152\r\n';
  expect(memoryIn(info)).toEqual({ redis: 1_048_576, redisLimit: 2_097_152 });
});

test('a server that does not report its memory has none in the metrics', () => {
  expect(memoryIn('# Memory\r\n')).toEqual({});
});
