import { DEFAULT_READING_WPM, MAX_READING_WPM, MIN_READING_WPM } from '../../speech/reading-time.ts';
import { integer } from '../kinds/kinds.ts';
import { setting } from '../kinds/setting.ts';

/** How fast answers are spoken. */
export const pace = {
  readingWpm: setting(integer(MIN_READING_WPM, MAX_READING_WPM, 'words a minute'), {
    variable: 'READING_WPM',
    default: String(DEFAULT_READING_WPM),
    decides:
      'How fast the pace READING is, for conversations that do not set `readingWpm` themselves. Languages without spaces are counted by characters: 500 a minute at the default.',
  }),
};
