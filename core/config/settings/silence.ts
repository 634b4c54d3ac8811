import { duration } from '../kinds/kinds.ts';
import { setting } from '../kinds/setting.ts';

/** What happens when nobody says anything. */
export const silence = {
  idleNudgeMs: setting(duration, {
    variable: 'IDLE_NUDGE_MS',
    default: '15000',
    decides: 'Silence, with somebody listening, before the AI speaks up (a nudge).',
  }),
  idleEndMs: setting(duration, {
    variable: 'IDLE_END_MS',
    default: '15000',
    decides: 'Silence after that before the conversation ends. A message makes it active again.',
  }),
  typingNudgeMs: setting(duration, {
    variable: 'TYPING_NUDGE_MS',
    default: '30000',
    decides: 'Typing without sending before the AI encourages the user.',
  }),
};
