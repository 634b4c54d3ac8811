import { integer, phoneRegions } from '../kinds/kinds.ts';
import { setting } from '../kinds/setting.ts';

/** The log of calls to models. */
export const inferenceLog = {
  redactionPhoneRegions: setting(phoneRegions, {
    variable: 'REDACTION_PHONE_REGIONS',
    default: 'IN,US,GB',
    decides:
      'Countries whose phone numbers are redacted even without their calling code: see [packages/redaction](packages/redaction/README.md).',
  }),
  inferenceLogDays: setting(integer(1, 36_500, 'days'), {
    variable: 'INFERENCE_LOG_DAYS',
    default: '90',
    decides: 'How long the log of calls to models is kept.',
  }),
};
