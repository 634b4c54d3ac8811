export type Keys = Pick<KeyboardEvent, 'key' | 'keyCode' | 'isComposing'>;

/** `keyCode` of each key that an input method takes: https://w3c.github.io/uievents/#determine-keydown-keyup-keyCode */
const TAKEN_BY_INPUT_METHOD = 229;

/**
 * The key that was pressed; null for one that an input method takes, such as the Enter that confirms a candidate and the Escape that
 * leaves it. In Safari the Enter comes after the end of the composition, so that only its `keyCode` says so
 * (https://bugs.webkit.org/show_bug.cgi?id=165004).
 */
export function pressed(event: Keys | { nativeEvent: Keys }): string | null {
  const { key, keyCode, isComposing } = 'nativeEvent' in event ? event.nativeEvent : event;
  return isComposing || keyCode === TAKEN_BY_INPUT_METHOD ? null : key;
}
