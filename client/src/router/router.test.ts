import { expect, it } from 'vitest';
import { conversationPath, routeOf } from './router.ts';

it('paths lead to their routes', () => {
  expect(routeOf('/')).toEqual({ name: 'welcome' });
  expect(routeOf('/usage')).toEqual({ name: 'usage' });
  expect(routeOf('/tokens/')).toEqual({ name: 'tokens' });
  expect(routeOf('/sign-in')).toEqual({ name: 'signIn' });
  expect(routeOf('/reset-password')).toEqual({ name: 'resetPassword' });
  expect(routeOf('/constructor')).toEqual({ name: 'unknown' });
  expect(routeOf('/c/abc')).toEqual({ name: 'conversation', id: 'abc' });
  expect(routeOf('/c/')).toEqual({ name: 'unknown' });
  expect(routeOf('/c/a/b')).toEqual({ name: 'unknown' });
  expect(routeOf('/c/%E0')).toEqual({ name: 'conversation', id: '%E0' });
});

it('a conversation is found at its path, whatever its id looks like', () => {
  const id = 'Q29udm/yZXJ= +';
  expect(routeOf(conversationPath(id))).toEqual({ name: 'conversation', id });
});
