import type { Account } from './account.ts';

/** Where a call gets its right from. */
export type Authority = Pick<Account, 'authorization' | 'refused'>;

/**
 * `fetch` in the name of the person of a visit: it waits while the user is signed out, and tries once more with another token
 * when the server refuses the first. Rejects when the visit is over.
 */
export function authorizedFetch(
  authority: Authority,
  visit: number,
  fetch: typeof globalThis.fetch,
): typeof globalThis.fetch {
  const authorized = (init: RequestInit | undefined) =>
    orAborted(authority.authorization(visit), init?.signal ?? null);
  return async (input, init) => {
    const authorization = await authorized(init);
    const response = await fetch(input, withAuthorization(init, authorization));
    if (response.status !== 401) return response;
    authority.refused(authorization);
    const another = await authorized(init);
    return another === authorization ? response : fetch(input, withAuthorization(init, another));
  };
}

function withAuthorization(init: RequestInit | undefined, authorization: string | null): RequestInit {
  const headers = new Headers(init?.headers);
  if (authorization !== null) headers.set('authorization', authorization);
  return { ...init, headers };
}

/** Rejects as soon as the call is aborted. */
function orAborted<T>(promise: Promise<T>, signal: AbortSignal | null): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort);
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
