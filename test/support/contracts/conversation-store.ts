import { v7 as uuidv7 } from 'uuid';
import { beforeEach, describe, expect, test } from 'vitest';
import { newConversation } from '../../../core/conversations/new-conversation.ts';
import { DEFAULT_TENANT, type Owner } from '../../../core/domain/owner.ts';
import type { ConversationStore } from '../../../core/store/conversation-store.ts';
import { Draft, NOT_PENDING, type Snapshot } from '../../../core/store/draft.ts';
import type { TurnRest } from '../../../core/store/turn-rest.ts';
import { cancel, complete, end, send, update, volunteer } from '../../../core/turns/life.ts';
import { keepRest } from '../../../core/turns/turn-rests.ts';

/** The contract suite of every adapter of {@link ConversationStore}. */
export function describeConversations(adapter: string, open: () => Promise<ConversationStore>): void {
  describe(`conversations contract: ${adapter}`, () => {
    let conversations: ConversationStore;
    let id: string;
    const owner: Owner = { owner: uuidv7(), tenant: DEFAULT_TENANT };
    /** The same id in another tenant: another owner. */
    const namesake: Owner = { ...owner, tenant: 'another' };
    const LATER = 60_000;

    beforeEach(async () => {
      conversations = await open();
      id = (await created()).id;
    });

    async function created(
      clientConversationId: string | null = null,
      { deadlineIn = LATER, by = owner }: { deadlineIn?: number; by?: Owner } = {},
    ) {
      const now = await conversations.now();
      const draft = newConversation({ provider: 'p', ...by, model: 'm', pacing: 'HUMAN' }, now);
      const done = await conversations.create({ ...draft, clientConversationId }, now + deadlineIn);
      return { id: draft.row.id, ...done };
    }
    async function look(also: readonly string[] = []): Promise<Snapshot> {
      const snapshot = await conversations.read(id, also);
      if (!snapshot) throw new Error('there is no such conversation');
      return snapshot;
    }
    async function commit(draft: Draft | null, from: Snapshot, deadlineIn = LATER) {
      if (!draft) throw new Error('nothing to change');
      return conversations.commit(from.row, draft, uuidv7(), from.now + deadlineIn);
    }
    const says = (text: string) => ({ text, before: null });

    test('a message is stored with its turn and its outbox, in one commit', async () => {
      const before = await look();
      const done = await commit(
        send(before, { ...says('Hello "you" 👋\n\u2028'), clientMessageId: uuidv7() }),
        before,
      );
      const { row, messages } = await look();
      expect(done).toEqual({ outcome: 'committed', row, now: expect.any(Number) });
      expect(row).toMatchObject({
        version: before.row.version + 1,
        messageCount: 1,
        pendingTurnCause: 'USER_MESSAGE',
      });
      expect(row.outbox.map(({ type }) => type)).toEqual(['MessageAdded', 'ConversationUpdated']);
      expect([...messages.values()]).toMatchObject([
        { content: 'Hello "you" 👋\n\u2028', role: 'USER', turnId: row.pendingTurnId, conversationId: id },
      ]);
    });

    test('of two commits that were decided on the same row, one is done and the other has no effect', async () => {
      const before = await look();
      const outcomes = await Promise.all([
        commit(send(before, says('one')), before),
        commit(send(before, says('two')), before),
      ]);
      expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['committed', 'conflict']);
      expect((await look()).row.messageCount).toBe(1);
    });

    test('a commit has no effect where its version belongs to another commit, as after a failover', async () => {
      const first = await look();
      await commit(send(first, says('one')), first);
      const before = await look();
      const lost = { ...before, row: { ...before.row, recentCommits: [uuidv7()] } };
      expect(await commit(send(lost, says('two')), lost)).toEqual({ outcome: 'conflict' });
      expect((await commit(send(before, says('two')), before)).outcome).toBe('committed');
    });

    test('a commit has no effect after its deadline', async () => {
      const before = await look();
      expect(await commit(send(before, says('late')), before, -1)).toEqual({ outcome: 'late' });
      expect((await look()).row).toEqual(before.row);
    });

    test('settings are stored when a conversation is created, and when they change', async () => {
      const now = await conversations.now();
      const input = {
        provider: 'p',
        ...owner,
        model: 'm',
        pacing: 'READING' as const,
        readingWpm: 450,
        idleTimeout: false,
        instructions: 'Be brief.',
      };
      const draft = newConversation(input, now);
      await conversations.create({ ...draft, clientConversationId: null }, now + LATER);
      id = draft.row.id;
      const before = await look();
      expect(before.row).toMatchObject({
        pacing: 'READING',
        readingWpm: 450,
        idleTimeout: false,
        instructions: 'Be brief.',
      });
      const changed = {
        title: 't',
        model: 'n',
        pacing: 'HUMAN' as const,
        readingWpm: 200,
        idleTimeout: true,
      };
      await commit(update(before, changed), before);
      const after = await look();
      const first = { ...changed, instructions: 'Be brief.' };
      expect(after.row).toMatchObject(first);
      const second = { ...changed, instructions: null };
      await commit(update(after, { instructions: null }), after);
      const { row } = await look();
      expect(row).toMatchObject(second);
      expect(row.outbox).toEqual(
        [first, second].map((settings, i) => ({ n: i + 1, type: 'ConversationUpdated', ...settings })),
      );
    });

    test('the row names its last commit', async () => {
      for (let i = 0; i < 3; i++) {
        const before = await look();
        await conversations.commit(
          before.row,
          update(before, { title: `t${i}` }),
          `c${i}`,
          before.now + LATER,
        );
      }
      expect((await look()).row.recentCommits).toEqual(['c0', 'c1', 'c2']);
    });

    test('the outbox entry of an interrupted turn comes before those of the message that interrupts it', async () => {
      const first = await look();
      await commit(send(first, says('one')), first);
      const second = await look();
      await commit(send(second, says('two')), second);
      const { row } = await look();
      expect(row.outbox).toMatchObject([
        { n: 1, type: 'MessageAdded' },
        { n: 2, type: 'ConversationUpdated' },
        { n: 3, type: 'TurnEnded', id: second.row.pendingTurnId, reason: 'USER_MESSAGE', ending: null },
        { n: 4, type: 'MessageAdded' },
      ]);
      expect(row.pendingTurnId).not.toBe(second.row.pendingTurnId);
    });

    describe('the rest of a turn', () => {
      const TEXT = 'Hello "you" 👋\n\u2028 and more';
      const restOf = ({ row }: Snapshot, changes: Partial<TurnRest> = {}): TurnRest => ({
        ...{
          conversationId: id,
          turnId: row.pendingTurnId ?? '',
          text: TEXT,
          spoken: 5,
          tokens: 1,
          model: 'n',
        },
        fallback: { requestedModel: 'm', unavailability: 'RETIRED' },
        ending: {
          type: 'TurnCompleted',
          usage: { inputTokens: 3, outputTokens: 4, totalTokens: 7 },
          isTruncated: true,
        },
        readingWpm: 450,
        ...changes,
      });
      /** Of the turn that answers a new message. */
      async function kept(changes: Partial<TurnRest> = {}): Promise<TurnRest> {
        const before = await look();
        await commit(send(before, says('Hi')), before);
        const pending = await look();
        const rest = restOf(pending, changes);
        await commit(keepRest(pending, rest), pending);
        return rest;
      }

      test('is stored with the pending turn, and stored again under another commit', async () => {
        const before = (await look()).row;
        const rest = await kept();
        const snapshot = await look();
        expect(await conversations.restOf(id, rest.turnId)).toEqual(rest);
        expect(snapshot.row).toMatchObject({ pendingTurnId: rest.turnId, version: before.version + 2 });
        expect(await conversations.restOf(id, uuidv7())).toBeNull();
        const failed = { type: 'TurnFailed', code: 'TIMEOUT', retryable: true } as const;
        const longer = restOf(snapshot, { spoken: 9, tokens: 2, fallback: null, ending: failed });
        await commit(keepRest(snapshot, longer), snapshot);
        expect(await conversations.restOf(id, rest.turnId)).toEqual(longer);
      });

      test('is not stored by a commit that another one precedes, nor of a turn that is not pending', async () => {
        const rest = await kept();
        const before = await look();
        await commit(send(before, says('No!')), before);
        expect(await commit(keepRest(before, rest), before)).toEqual({ outcome: 'conflict' });
        expect(keepRest(await look(), rest)).toBeNull();
        expect(await conversations.restOf(id, rest.turnId)).toBeNull();
      });

      test.each<[string, (snapshot: Snapshot) => Draft | null]>([
        ['a message', (snapshot) => send(snapshot, says('No!'))],
        ['a cancellation', (snapshot) => cancel(snapshot, undefined)],
        ['the end of the conversation', (snapshot) => end(snapshot)],
        [
          'its own end',
          (snapshot) => {
            const draft = new Draft(snapshot);
            draft.set(NOT_PENDING);
            return draft;
          },
        ],
      ])('is deleted by the commit of %s', async (_of, change) => {
        const rest = await kept();
        const before = await look();
        await commit(change(before), before);
        expect(await conversations.restOf(id, rest.turnId)).toBeNull();
        // Nor is it there when the turn is made pending once more.
        const after = await look();
        const again = new Draft(after);
        again.await(rest.turnId, 'USER_MESSAGE');
        await commit(again, after);
        expect(await conversations.restOf(id, rest.turnId)).toBeNull();
      });

      test('outlives a commit after which its turn is pending', async () => {
        const rest = await kept();
        const before = await look();
        await commit(update(before, { title: 't' }), before);
        expect(await conversations.restOf(id, rest.turnId)).toEqual(rest);
      });

      test('is removed alone, and with its conversation', async () => {
        const rest = await kept();
        await conversations.removeRest(id, uuidv7());
        expect(await conversations.restOf(id, rest.turnId)).toEqual(rest);
        await conversations.removeRest(id, rest.turnId);
        expect(await conversations.restOf(id, rest.turnId)).toBeNull();
        const { turnId } = await kept();
        await conversations.delete(id, owner, (await conversations.now()) + LATER);
        expect(await conversations.restOf(id, turnId)).toBeNull();
      });

      test('is deleted by a commit of its owner, and kept from others', async () => {
        const rest = await kept();
        const before = await look();
        const draft = cancel(before, undefined);
        if (!draft) throw new Error('nothing to change');
        const deadline = before.now + LATER;
        await conversations.as(namesake).commit(before.row, draft, uuidv7(), deadline);
        expect(await conversations.restOf(id, rest.turnId)).toEqual(rest);
        await conversations.as(owner).commit(before.row, draft, uuidv7(), deadline);
        expect(await conversations.restOf(id, rest.turnId)).toBeNull();
      });
    });

    test('only published entries are cleared', async () => {
      const before = await look();
      await commit(send(before, says('one')), before);
      await conversations.clear(new Map([[id, 1]]));
      expect((await look()).row.outbox.map(({ n }) => n)).toEqual([2]);
      await conversations.clear(
        new Map([
          [id, 5],
          [uuidv7(), 1],
        ]),
      );
      expect((await look()).row).toMatchObject({
        outbox: [],
        outboxCount: 2,
        version: before.row.version + 1,
      });
    });

    test('an unpublished outbox is found', async () => {
      expect(await conversations.unpublished(0, 1_000)).not.toContain(id);
      const before = await look();
      await commit(send(before, says('one')), before);
      await expect.poll(() => conversations.unpublished(0, 1_000)).toContain(id);
      expect(await conversations.unpublished(3_600_000, 1_000)).not.toContain(id);
      await conversations.clear(new Map([[id, 2]]));
      expect(await conversations.unpublished(0, 1_000)).not.toContain(id);
    });

    test('a read returns the requested messages, of this conversation only', async () => {
      const before = await look();
      await commit(send(before, says('one')), before);
      const [message] = [...(await look()).messages.keys()];
      await conversations.clear(new Map([[id, 2]]));
      expect([...(await look()).messages]).toEqual([]);
      expect([...(await look([message as string, uuidv7()])).messages.keys()]).toEqual([message]);
      id = (await created()).id;
      expect([...(await look([message as string])).messages]).toEqual([]);
    });

    test('messages are updated by their id, or by the turn that answers them', async () => {
      const before = await look();
      await commit(send(before, says('one')), before);
      const asked = await look();
      const turnId = asked.row.pendingTurnId as string;
      const failed = new Draft(asked);
      failed.update.push({ answeredBy: turnId, failure: { turnId, code: 'TIMEOUT', retryable: true } });
      await commit(failed, asked);
      const [message] = [...(await look()).messages.values()];
      expect(message).toMatchObject({ failedTurnId: turnId, failureCode: 'TIMEOUT', failureRetryable: true });
      const again = await look();
      const repaired = new Draft(again);
      repaired.update.push({ id: message?.id as string, failure: null, content: 'more' });
      await commit(repaired, again);
      expect([...(await look()).messages.values()]).toMatchObject([
        { failedTurnId: null, content: 'more', turnId },
      ]);
    });

    test('one conversation is created for one clientConversationId', async () => {
      const name = uuidv7();
      const all = await Promise.all([created(name), created(name), created(name)]);
      expect(all.filter(({ outcome }) => outcome === 'created')).toHaveLength(1);
      const rows = all.map((one) => ('row' in one ? one.row.id : null));
      expect(new Set(rows).size).toBe(1);
    });

    test('the same owner id in another tenant is never given it by its clientConversationId', async () => {
      const name = uuidv7();
      const mine = await created(name);
      expect(mine).toMatchObject({ outcome: 'created', row: owner });
      // While processes of the version before run, the id may be taken in all tenants: see the migration of tenants.
      const other = await created(name, { by: namesake });
      expect(other).not.toMatchObject({ row: owner });
      const own = await created(uuidv7(), { by: namesake });
      expect(own).toMatchObject({ outcome: 'created', row: namesake });
    });

    test('none is created after the deadline', async () => {
      const late = await created(null, { deadlineIn: -1 });
      expect(late.outcome).toBe('late');
      expect(await conversations.read(late.id)).toBeNull();
    });

    test('for one owner the conversation of another does not exist, and is not changed', async () => {
      const before = await look();
      const draft = send(before, says('not theirs'));
      for (const other of [namesake, { ...owner, owner: uuidv7() }]) {
        const bound = conversations.as(other);
        expect(await bound.read(id)).toBeNull();
        const done = await bound.commit(before.row, draft as Draft, uuidv7(), before.now + LATER);
        expect(done).toEqual({ outcome: 'conflict' });
      }
      expect((await look()).row).toEqual(before.row);
      const own = conversations.as(owner);
      const done = await own.commit(before.row, draft as Draft, uuidv7(), before.now + LATER);
      expect(done).toMatchObject({ outcome: 'committed', row: { messageCount: 1 } });
      const found = await own.read(id);
      expect(found).toEqual({ ...(await look()), now: expect.any(Number) });
      expect([...(found?.messages.values() ?? [])]).toMatchObject([{ content: 'not theirs' }]);
    });

    test('for its owner, too, a commit has no effect after its deadline or another commit', async () => {
      const before = await look();
      const own = conversations.as(owner);
      const draft = send(before, says('one')) as Draft;
      expect(await own.commit(before.row, draft, uuidv7(), before.now - 1)).toEqual({ outcome: 'late' });
      const outcomes = await Promise.all([
        own.commit(before.row, draft, uuidv7(), before.now + LATER),
        commit(send(before, says('two')), before),
      ]);
      expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['committed', 'conflict']);
      expect((await look()).row.messageCount).toBe(1);
    });

    test('a conversation that nothing is changing is settled by now, and so is one that does not exist', async () => {
      const before = await conversations.now();
      for (const one of [id, uuidv7()])
        expect(await conversations.settledAt(one)).toBeGreaterThanOrEqual(before);
    });

    test('a conversation is deleted only by its owner, and not after the deadline', async () => {
      const before = await look();
      await commit(send(before, says('one')), before);
      expect(await conversations.delete(id, { ...owner, owner: uuidv7() }, before.now + LATER)).toBe(
        'absent',
      );
      expect(await conversations.delete(id, namesake, before.now + LATER)).toBe('absent');
      expect((await look()).row).toMatchObject(owner);
      expect(await conversations.delete(id, owner, before.now - 1)).toBe('late');
      expect(await conversations.delete(id, owner, before.now + LATER)).toBe('deleted');
      expect(await conversations.unpublished(-1_000, 1_000)).toContain(id);
      expect(await conversations.unpublished(3_600_000, 1_000)).not.toContain(id);
      await conversations.removeDeletion(id);
      expect(await conversations.unpublished(-1_000, 1_000)).not.toContain(id);
      expect(await conversations.read(id)).toBeNull();
      expect(await conversations.delete(id, owner, before.now + LATER)).toBe('absent');
    });

    test('an operation that depends on the newest turn is decided on the row', async () => {
      const before = await look();
      await commit(send(before, says('one')), before);
      const asked = await look();
      const turnId = asked.row.pendingTurnId as string;
      expect([complete(asked, turnId), volunteer(asked, 'IDLE_NUDGE', turnId)]).toEqual([null, null]);
      await commit(cancel(asked, turnId), asked);
      const quiet = await look();
      expect(quiet.row.pendingTurnId).toBeNull();
      expect(complete(quiet, uuidv7())).toBeNull();
      await commit(complete(quiet, turnId), quiet);
      expect((await look()).row.status).toBe('COMPLETED');
    });
  });
}
