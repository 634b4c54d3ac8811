/** better-auth, as far as it is needed here. */
export interface SessionHandler {
  handler(request: Request): Promise<Response>;
  /** Whether the cookies are those of a session that goes on. */
  hasSession(headers: Headers): Promise<boolean>;
}

/** The endpoints that end the caller's own session. */
const ENDS_SESSION = /\/(sign-out|revoke-sessions?)$/;
/** The endpoints that may begin one. */
const BEGINS_SESSION = /\/(sign-in|sign-up|callback|oauth2\/callback|verify-email)\b/;
/** A `Set-Cookie` that removes the cookies of a session. */
const REMOVES_SESSION = /^[\w.-]*\.(session_token|session_data|dont_remember)=;/;

/**
 * Answers a request, and leaves the browser its session unless the request was to end it. better-auth removes the cookie of a
 * session that is over from whatever answer it gives: from that of a read that began before the same browser has signed in,
 * which would end the new session, and, where guests are allowed, from that of a sign-in, in the place of the new cookie.
 * The cookie of a session that is over opens nothing, and the next sign-in replaces it.
 */
export async function keepSession(auth: SessionHandler, request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (ENDS_SESSION.test(pathname)) return auth.handler(request);
  const hasOver = BEGINS_SESSION.test(pathname) && !(await auth.hasSession(request.headers));
  return withoutRemovals(await auth.handler(hasOver ? withoutSession(request) : request));
}

/** OAuth's state has cookies of its own, which stay. */
function withoutSession(request: Request): Request {
  const cookies = (request.headers.get('cookie') ?? '').split('; ');
  const headers = new Headers(request.headers);
  headers.set('cookie', cookies.filter((cookie) => !/^[\w.-]*\.session_token=/.test(cookie)).join('; '));
  return new Request(request, { headers });
}

function withoutRemovals(answer: Response): Response {
  const cookies = answer.headers.getSetCookie();
  const kept = cookies.filter((cookie) => !REMOVES_SESSION.test(cookie));
  if (kept.length === cookies.length) return answer;
  const headers = new Headers(answer.headers);
  headers.delete('set-cookie');
  for (const cookie of kept) headers.append('set-cookie', cookie);
  return new Response(answer.body, { status: answer.status, headers });
}
