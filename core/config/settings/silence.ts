import { duration } from '../kinds/kinds.ts';
import { setting } from '../kinds/setting.ts';

/** What happens when the user does not write. */
export const silence = {
  idleNudgeMs: setting(duration, {
    variable: 'IDLE_NUDGE_MS',
    default: '15000',
    decides: 'How long a silence lasts, with somebody listening, before the AI says something (a nudge).',
  }),
  idleEndMs: setting(duration, {
    variable: 'IDLE_END_MS',
    default: '15000',
    decides:
      'How long the silence lasts after that before the conversation ends. A message makes it active again.',
  }),
  typingNudgeMs: setting(duration, {
    variable: 'TYPING_NUDGE_MS',
    default: '30000',
    decides: 'How long a user types without sending before the AI encourages them.',
  }),
};
