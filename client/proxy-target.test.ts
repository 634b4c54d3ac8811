import { expect, test } from 'vitest';
import { proxyTarget } from './proxy-target.ts';

test.each([
  [{}, 'http://127.0.0.1:4000'],
  [{ PORT: '', HOST: '', TASKFLOW_SERVER: '' }, 'http://127.0.0.1:4000'],
  [{ PORT: '5001' }, 'http://127.0.0.1:5001'],
  [{ PORT: '5001', HOST: 'localhost' }, 'http://localhost:5001'],
  [{ HOST: '0.0.0.0' }, 'http://127.0.0.1:4000'],
  [{ HOST: '::' }, 'http://[::1]:4000'],
  [{ HOST: '::1', PORT: '5001' }, 'http://[::1]:5001'],
  [{ PORT: '5001', TASKFLOW_SERVER: 'https://taskflow.example' }, 'https://taskflow.example'],
  [{ PORT: '0', TASKFLOW_SERVER: 'http://127.0.0.1:5002' }, 'http://127.0.0.1:5002'],
])('with %j the development server talks to %s', (env, target) => {
  expect(proxyTarget(env)).toBe(target);
});

test('with PORT=0 it asks for the address', () => {
  expect(() => proxyTarget({ PORT: '0' })).toThrow('TASKFLOW_SERVER');
});
