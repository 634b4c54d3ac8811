import type { WhileSpeaking } from '../gql/graphql.ts';
import { type Keys, pressed } from '../pressed.ts';

type KeysWithModifiers = Keys & Pick<KeyboardEvent, 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey'>;

/**
 * What a message that a key event in the composer sends does to the answer being spoken; null: the key sends nothing. Enter
 * sends by AUTO, Alt + Enter lets it wait, Ctrl or Command + Shift + Enter interrupts, Shift + Enter begins a new line.
 * `hasNoShift`: on a touch screen Enter alone begins a new line, too, and sends with Ctrl or Command.
 */
export function sends(keys: KeysWithModifiers, hasNoShift: boolean): WhileSpeaking | null {
  const { shiftKey, altKey } = keys;
  const hasCommand = keys.ctrlKey || keys.metaKey;
  if (pressed(keys) !== 'Enter') return null;
  if (altKey) return shiftKey ? null : 'QUEUE';
  if (shiftKey) return hasCommand ? 'INTERRUPT' : null;
  return hasNoShift && !hasCommand ? null : 'AUTO';
}
