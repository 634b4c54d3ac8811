import { expect, it } from 'vitest';
import { FakeStorage } from '../../../packages/client/src/testing.ts';
import { openTabs, type TabMessage } from './tabs.ts';

it('without BroadcastChannel, tabs hear each other by the events of their storage', () => {
  const localStorage = new FakeStorage();
  const page = Object.assign(new EventTarget(), { localStorage, BroadcastChannel: undefined });
  const tabs = openTabs(page as unknown as Window);
  const heard: TabMessage[] = [];
  tabs.listen((message) => heard.push(message));
  const event = (key: string, newValue: string | null) =>
    page.dispatchEvent(Object.assign(new Event('storage'), { key, newValue }));

  tabs.post({ type: 'signed-out' });
  const [key, value] = [localStorage.key(0) ?? '', localStorage.getItem(localStorage.key(0) ?? '')];
  tabs.post({ type: 'signed-out' });
  expect(localStorage.getItem(key)).not.toBe(value);

  event(key, value);
  event('another', value);
  event(key, null);
  event(key, '{');
  event(key, '{"type":"signed-in"}');
  event(key, '{"type":"signed-in","who":"ann"}');
  expect(heard).toMatchObject([{ type: 'signed-out' }, { type: 'signed-in', who: 'ann' }]);

  tabs.close();
  event(key, value);
  expect(heard).toHaveLength(2);
});

it('with BroadcastChannel, tabs hear each other and not themselves', async () => {
  const page = { BroadcastChannel } as unknown as Window;
  const [one, two] = [openTabs(page), openTabs(page)];
  one.listen(() => expect.unreachable());
  const heard = new Promise((resolve) => two.listen(resolve));
  one.post({ type: 'signed-out' });
  expect(await heard).toEqual({ type: 'signed-out' });
  one.close();
  two.close();
});
