/** The time of day; before today, with the day; before this year, with the year. `locale` unset: the user's. */
export function messageTime(date: Date, now: Date, locale?: string): string {
  const sameDay = date.toDateString() === now.toDateString();
  const sameYear = date.getFullYear() === now.getFullYear();
  return date.toLocaleString(locale, {
    hour: '2-digit',
    minute: '2-digit',
    ...(sameDay ? {} : { day: 'numeric', month: 'short' }),
    ...(sameYear ? {} : { year: 'numeric' }),
  });
}
