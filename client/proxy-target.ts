/**
 * Where the development server finds TaskFlow: at TASKFLOW_SERVER, else where a server with the same HOST and PORT
 * listens (unset or empty: http://127.0.0.1:4000).
 * @throws Error where PORT is 0: which port a server has picked is not known here
 */
export function proxyTarget(env: { [name: string]: string | undefined }): string {
  if (env.TASKFLOW_SERVER) return env.TASKFLOW_SERVER;
  const host = env.HOST || '127.0.0.1';
  const port = env.PORT || '4000';
  if (Number(port) === 0)
    throw new Error('PORT is 0, any port: set TASKFLOW_SERVER to the address of the server');
  const reached = EVERYWHERE[host] ?? host;
  return `http://${reached.includes(':') ? `[${reached}]` : reached}:${port}`;
}

/** Who listens on every address is reached on this machine's own. */
const EVERYWHERE: { [host: string]: string } = { '0.0.0.0': '127.0.0.1', '::': '::1' };
