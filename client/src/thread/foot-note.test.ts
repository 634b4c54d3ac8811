import { expect, it } from 'vitest';
import { footNote } from './foot-note.ts';

const NONE = { unanswered: null, ended: null, substitution: null, typingElsewhere: false, nudge: null };

it('one note is shown at most, the one that the user can do most about', () => {
  expect(footNote(NONE)).toBeNull();
  expect(footNote({ ...NONE, nudge: 'Still there?' })).toBe('nudge');
  expect(footNote({ ...NONE, nudge: 'Still there?', typingElsewhere: true })).toBe('typingElsewhere');
  expect(footNote({ ...NONE, ended: 'It has ended.', nudge: 'Still there?' })).toBe('ended');
  const unanswered = { messageId: 'm', failure: null };
  expect(footNote({ ...NONE, ended: 'It has ended.', unanswered, typingElsewhere: true })).toBe('unanswered');
});
