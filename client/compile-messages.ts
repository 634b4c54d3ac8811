import { compileMessage } from '@lingui/message-utils/compileMessage';
import type { Plugin } from 'vite';

const CATALOGUE = /\/language\/messages\/[a-z]+\.json$/;

/** Compiles the texts of each language (ICU MessageFormat) when they are loaded or built, so that the page needs no parser. */
export const compileMessages: Plugin = {
  name: 'compile-messages',
  // Before Vite makes modules of JSON.
  enforce: 'pre',
  transform: {
    filter: { id: CATALOGUE },
    handler(code) {
      const messages = Object.entries(JSON.parse(code) as Record<string, string>);
      return {
        code: JSON.stringify(
          Object.fromEntries(messages.map(([name, text]) => [name, compileMessage(text)])),
        ),
        map: null,
      };
    },
  },
};
