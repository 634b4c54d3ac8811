/** A browser of one test, with a profile of its own, driven over the protocol that its engine speaks. */
export interface BrowserDriver {
  /** Opens a window of {@link WINDOW_SIZE}, in view beside the others. Resolves to its id. */
  openWindow(): Promise<string>;
  closeWindow(id: string): Promise<void>;
  /** Sets the size of what a window shows of a page, in CSS pixels. */
  resizeWindow(id: string, width: number, height: number): Promise<void>;
  /** Resolves when the page and what it loads are there. */
  navigate(id: string, url: string): Promise<void>;
  /**
   * Calls a function in the page: `source` is that of a function of one string, which resolves to a string. Rejects with
   * what the function throws.
   */
  call(id: string, source: string, argument: string): Promise<string>;
  /** Performs actions of the user: https://www.w3.org/TR/webdriver2/#actions. Resolves when the page has received them. */
  perform(id: string, actions: readonly InputSource[]): Promise<void>;
  /** Ends the browser and removes its profile. */
  close(): Promise<void>;
}

/** Of what a window shows of a page, in CSS pixels. */
export const WINDOW_SIZE = { width: 1_280, height: 800 } as const;

/** The actions of one keyboard or mouse, in order. */
export type InputSource =
  | { type: 'key'; id: string; actions: readonly KeyAction[] }
  | {
      type: 'pointer';
      id: string;
      parameters: { pointerType: 'mouse' };
      actions: readonly PointerAction[];
    };

/** `value`: a character, or that of a key: https://www.w3.org/TR/webdriver2/#keyboard-actions. */
type KeyAction = { type: 'keyDown' | 'keyUp'; value: string };

/** Pixels from the upper left of what the window shows of the page. */
type PointerAction =
  | { type: 'pointerMove'; x: number; y: number }
  | { type: 'pointerDown' | 'pointerUp'; button: number };
