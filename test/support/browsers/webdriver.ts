/** A session of W3C WebDriver: https://www.w3.org/TR/webdriver2/. */
export interface WebDriverSession {
  /** Resolves to the value of the answer. Rejects with the driver's error. */
  send(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<Value>;
}

/** Opens a session at the driver that listens at `url`. */
export async function openWebDriver(url: string, capabilities: object): Promise<WebDriverSession> {
  const { sessionId } = await request('POST', `${url}/session`, {
    capabilities: { alwaysMatch: capabilities },
  });
  return { send: (method, path, body) => request(method, `${url}/session/${sessionId}${path}`, body) };
}

async function request(method: string, url: string, body?: object): Promise<Value> {
  const response = await fetch(url, {
    method,
    ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  const { value } = (await response.json()) as { value: Value };
  if (!response.ok) throw new Error(`${method} ${url}: ${value.error}: ${value.message}`);
  return value;
}

// biome-ignore lint/suspicious/noExplicitAny: each command has an answer of its own
type Value = any;
