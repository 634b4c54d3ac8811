import { beforeEach, describe, expect, test } from 'vitest';
import { StoreUnavailableError } from '../core/domain/errors.ts';
import type { Feed, OpenTurn, TurnRef } from '../core/live/feed/feed.ts';
import { MemoryFeed } from '../core/live/feed/memory.ts';
import { TestConversation } from '../test/support/turns.ts';
import { SpokenTurn } from './spoken-turn.ts';

/** A feed whose next `speak` fails: before it has an effect, or after it, when only the reply is lost. */
class FlakyFeed extends MemoryFeed {
  fails: 'before' | 'after' | null = null;

  override async speak(conversationId: string, turn: TurnRef, text: string, tokens: number) {
    const fails = this.fails;
    this.fails = null;
    if (fails === 'before') throw new StoreUnavailableError('unavailable');
    const outcome = await super.speak(conversationId, turn, text, tokens);
    if (fails === 'after') throw new StoreUnavailableError('unavailable');
    return outcome;
  }
}

describe('a turn as its speaker holds it', () => {
  let feed: FlakyFeed;
  let talk: TestConversation;
  let conversation: string;
  let id: string;
  beforeEach(async () => {
    feed = new FlakyFeed();
    talk = new TestConversation(feed);
    conversation = talk.id;
    id = await talk.send();
  });

  async function claimed(): Promise<SpokenTurn> {
    const turn = (await feed.claim(conversation, id)) as OpenTurn;
    return new SpokenTurn(feed, conversation, turn, (own) => talk.drive(own));
  }
  const said = async (on: Feed = feed) => (await on.state(conversation)).turn?.text;

  test.each(['before', 'after'] as const)(
    'text whose outcome is unknown, because the call failed %s its effect, is spoken once when the call is repeated',
    async (when) => {
      const spoken = await claimed();
      await spoken.say('One ', 1);
      feed.fails = when;
      await expect(spoken.say('two ', 1)).rejects.toThrow('unavailable');
      expect(await spoken.say('two ', 1)).toBe(true);
      expect(await spoken.say('three', 1)).toBe(true);
      expect(await said()).toBe('One two three');
      expect(spoken.text).toBe('One two three');
    },
  );

  test('a speaker that was fenced does not claim the turn back', async () => {
    const first = await claimed();
    await first.say('The sky is ', 3);
    feed.fails = 'before';
    await expect(first.say('blue. ', 1)).rejects.toThrow('unavailable');
    const second = await claimed();
    await second.say('full of stars ', 3);
    expect(await first.say('blue. ', 1)).toBe(false);
    expect(await second.say('at night.', 2)).toBe(true);
    expect(await said()).toBe('The sky is full of stars at night.');
  });

  test('a feed that has lost the turn gets what was spoken, and the turn continues', async () => {
    const spoken = await claimed();
    await spoken.say('Half of ', 2);
    await feed.lose(conversation);
    expect(await spoken.say('it', 1)).toBe(true);
    expect(await said()).toBe('Half of it');
  });

  test('a feed that has opened a newer turn does not get the older one back', async () => {
    const spoken = await claimed();
    await spoken.say('Half of ', 2);
    await feed.lose(conversation);
    await talk.send('And now?');
    expect(await spoken.say('it', 1)).toBe(false);
    expect(await said()).toBe('');
  });
});
