import type { Translation } from '../language/translation.ts';

/** The time of day; before today, with the day; before this year, with the year. */
export function messageTime(date: Date, now: Date, { date: format }: Pick<Translation, 'date'>): string {
  const sameDay = date.toDateString() === now.toDateString();
  const sameYear = date.getFullYear() === now.getFullYear();
  return format(date, {
    hour: '2-digit',
    minute: '2-digit',
    ...(sameDay ? {} : { day: 'numeric', month: 'short' }),
    ...(sameYear ? {} : { year: 'numeric' }),
  });
}
