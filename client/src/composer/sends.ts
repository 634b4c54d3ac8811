import type { WhileSpeaking } from '../gql/graphql.ts';

type Keys = Pick<
  KeyboardEvent,
  'key' | 'keyCode' | 'isComposing' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey'
>;

/** `keyCode` of each key that an input method takes: https://w3c.github.io/uievents/#determine-keydown-keyup-keyCode */
const TAKEN_BY_INPUT_METHOD = 229;

/**
 * What a message that a key event in the composer sends does to the answer being spoken; null: the key sends nothing. Enter
 * sends by AUTO, Alt + Enter lets it wait, Ctrl or Command + Shift + Enter interrupts, Shift + Enter begins a new line.
 * `hasNoShift`: on a touch screen Enter alone begins a new line, too, and sends with Ctrl or Command.
 *
 * The Enter that confirms a candidate of an input method never sends. In Safari it comes after the end of the composition, so
 * that only its `keyCode` says so (https://bugs.webkit.org/show_bug.cgi?id=165004).
 */
export function sends(keys: Keys, hasNoShift: boolean): WhileSpeaking | null {
  const { key, keyCode, isComposing, shiftKey, altKey } = keys;
  const hasCommand = keys.ctrlKey || keys.metaKey;
  if (key !== 'Enter' || isComposing || keyCode === TAKEN_BY_INPUT_METHOD) return null;
  if (altKey) return shiftKey ? null : 'QUEUE';
  if (shiftKey) return hasCommand ? 'INTERRUPT' : null;
  return hasNoShift && !hasCommand ? null : 'AUTO';
}
