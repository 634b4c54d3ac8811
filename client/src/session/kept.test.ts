import { conversationsWithItems, keptItems, Outbox } from '@taskflow/client/core';
import { expect, it } from 'vitest';
import { FakeStorage, settled } from '../../../packages/client/src/testing.ts';
import { draftsIn } from '../composer/draft.ts';
import { Kept } from './kept.ts';

const ann = { tenant: 'default', id: 'ann' };

function visitOf(storage: Storage, person: { tenant: string; id: string }) {
  const kept = new Kept({ sessionStorage: storage, localStorage: storage });
  kept.belongsTo(person);
  return kept;
}

it('a draft is there for the person who wrote it, and for nobody else', () => {
  const storage = new FakeStorage();
  draftsIn(visitOf(storage, ann)).write('c1', 'my secret');
  for (const other of [
    { tenant: 'default', id: 'bob' },
    { tenant: 'acme', id: 'ann' },
    { tenant: 'default.ann', id: '' },
  ])
    expect(draftsIn(visitOf(storage, other)).read('c1')).toBe('');
  expect(draftsIn(visitOf(storage, ann)).read('c1')).toBe('my secret');
  draftsIn(visitOf(storage, ann)).write('c1', '');
  expect(storage.length).toBe(0);
});

it('nothing is read or stored before it is known who writes, and after the visit', () => {
  const storage = new FakeStorage();
  const kept = new Kept({ sessionStorage: storage, localStorage: storage });
  kept.write('draft.new', 'x');
  expect(storage.length).toBe(0);
  kept.belongsTo(ann);
  kept.write('draft.new', 'x');
  kept.stop();
  expect([kept.read('draft.new'), kept.names('draft.')]).toEqual([null, []]);
  kept.write('draft.new', 'y');
  expect(visitOf(storage, ann).read('draft.new')).toBe('x');
});

it('what a guest has written is theirs after they have signed up, unless they changed their mind', () => {
  const guest = { tenant: 'default', id: 'guest' };
  const storage = new FakeStorage();
  const kept = visitOf(storage, guest);
  kept.write('draft.new', 'hello');
  kept.leaveToNext(true);
  kept.stop();
  expect(visitOf(storage, ann).read('draft.new')).toBe('hello');
  expect(visitOf(storage, guest).read('draft.new')).toBeNull();

  const again = visitOf(storage, guest);
  again.write('draft.new', 'again');
  again.leaveToNext(true);
  again.leaveToNext(false);
  expect(visitOf(storage, { tenant: 'default', id: 'bob' }).read('draft.new')).toBeNull();
  // Or came back from a provider as the guest they were.
  again.leaveToNext(true);
  visitOf(storage, guest);
  expect(visitOf(storage, { tenant: 'default', id: 'bob' }).read('draft.new')).toBeNull();
});

it('a message that was on its way is sent in the next visit of the same person, under the same id, and by nobody else', async () => {
  const storage = new FakeStorage();
  const sent: string[] = [];
  const open = (kept: Kept) =>
    new Outbox(
      ({ text, clientMessageId }) => {
        sent.push(`${clientMessageId} ${text}`);
        return new Promise(() => {});
      },
      () => 'id1',
      keptItems(kept, 'c1'),
    );
  const first = visitOf(storage, ann);
  void open(first).send('hi');
  await settled();
  first.stop();
  const others = visitOf(storage, { tenant: 'default', id: 'bob' });
  expect([conversationsWithItems(others), open(others).getSnapshot()]).toEqual([[], []]);

  const second = visitOf(storage, ann);
  expect(conversationsWithItems(second)).toEqual(['c1']);
  expect(open(second).getSnapshot()).toMatchObject([{ text: 'hi', status: 'sending' }]);
  await settled();
  expect(sent).toEqual(['id1 hi', 'id1 hi']);
});

it('a message that failed stays failed, one that was sent is not kept, and what cannot be read is ignored', async () => {
  const storage = new FakeStorage();
  const kept = visitOf(storage, ann);
  const problem = { text: 'unavailable', retryable: true };
  const answers = [{ problem }, { messageId: 'm1', turnId: 't1' }];
  let ids = 0;
  const outbox = new Outbox(
    async () => answers.shift() ?? { problem },
    () => `id${++ids}`,
    keptItems(kept, 'c1'),
  );
  outbox.send('one');
  outbox.send('two');
  await settled();
  expect(keptItems(kept, 'c1').read()).toMatchObject([{ text: 'one', status: 'failed', problem }]);
  outbox.discard('id1');
  expect(kept.names('outbox.')).toEqual([]);
  kept.write('outbox.c1.a', '{"text":1}');
  kept.write('outbox.c1.b', 'null');
  kept.write('outbox.c2.a', '{');
  expect([keptItems(kept, 'c1').read(), keptItems(kept, 'c2').read()]).toEqual([[], []]);
});

it('what is not sent is there in other tabs and after a restart; after a sign-out it is left to its tab', () => {
  const localStorage = new FakeStorage();
  const tab = (person = ann, sessionStorage = new FakeStorage()) => {
    const kept = new Kept({ sessionStorage, localStorage });
    kept.belongsTo(person);
    return kept;
  };
  const bob = { tenant: 'default', id: 'bob' };
  const ofFirst = new FakeStorage();
  const first = tab(ann, ofFirst);
  first.write('draft.c1', 'half a thought');
  first.write('outbox.c1.a', '{}');
  tab(bob).write('draft.c1', 'of Bob');
  expect(tab().read('draft.c1')).toBe('half a thought');
  expect(tab().names('draft.')).toEqual(['draft.c1']);
  expect(tab().names('outbox.')).toEqual(['outbox.c1.a']);
  first.stop();
  first.withdraw();
  expect(tab().read('draft.c1')).toBeNull();
  expect(tab().names('outbox.')).toEqual([]);
  expect(tab(bob).read('draft.c1')).toBe('of Bob');
  expect(tab(bob, ofFirst).read('draft.c1')).toBe('of Bob');
  expect(tab(ann, ofFirst).read('draft.c1')).toBe('half a thought');
  expect(tab().read('draft.c1')).toBe('half a thought');
});
