/** There was no outcome within the time that was given for it. */
export class NotInTimeError extends Error {
  override name = 'NotInTimeError';
}

/** The promise's outcome, or a {@link NotInTimeError}, or what `lateError` makes, when there is none within so many milliseconds. */
export function within<T>(
  ms: number,
  promise: Promise<T>,
  lateError: () => Error = () => new NotInTimeError('no answer in time'),
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(lateError()), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
