import { languages } from '../kinds/languages.ts';
import { setting } from '../kinds/setting.ts';

/** How messages are found. */
export const search = {
  searchLanguages: setting(languages, {
    variable: 'SEARCH_LANGUAGES',
    default: 'english',
    decides:
      'The languages in which a search also finds other forms of a word (`run` finds `running`), separated by commas; `none`: only words as they are written. Each process should have the same: after a change the workers index all messages once more.',
  }),
};
