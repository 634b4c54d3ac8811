/** The texts for the outcomes of calls. */
export const STATUS_NAMES = {
  SUCCESS: 'usage.statuses.SUCCESS',
  ERROR: 'usage.statuses.ERROR',
  ABORTED: 'usage.statuses.ABORTED',
} as const;
