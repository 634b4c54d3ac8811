/** A promise did not settle in time. */
class NotInTimeError extends Error {
  override name = 'NotInTimeError';
}

/** The promise's outcome; rejects with `lateError` (default: {@link NotInTimeError}) when it does not settle within `ms`. */
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
