import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { end, startUntil } from '../servers/own-server.ts';
import { type BiDiSession, openBiDi } from './bidi.ts';
import { type BrowserDriver, WINDOW_SIZE } from './driver.ts';

/** The path of a Firefox on this machine; undefined if there is none. */
export const FIREFOX = ['/usr/bin/firefox-esr', '/usr/bin/firefox'].find(existsSync);

/** Beside the preferences that Firefox sets by itself while it is driven: it sends no requests by itself. */
const PREFERENCES = {
  'app.normandy.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'extensions.systemAddon.update.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
};

/** A headless Firefox, driven over WebDriver BiDi, which it speaks itself. */
export async function startFirefox(): Promise<BrowserDriver> {
  const profile = await mkdtemp(join(tmpdir(), 'taskflow-firefox-'));
  const preferences = Object.entries(PREFERENCES).map(([name, value]) => `user_pref("${name}", ${value});`);
  await writeFile(join(profile, 'user.js'), preferences.join('\n'));
  let address = '';
  const browser = await startUntil(
    FIREFOX ?? 'firefox',
    ['--headless', '--no-remote', '--remote-debugging-port=0', '--profile', profile, 'about:blank'],
    { env: { ...process.env, HOME: profile } },
    async () => {
      address = await addressOf(profile);
      return address !== '';
    },
  );
  const session = await openBiDi(address);
  return {
    ...drive(session),
    async close() {
      await end(browser, 'SIGTERM');
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Where the browser of this profile listens; empty as long as it does not. */
async function addressOf(profile: string): Promise<string> {
  const written = await readFile(join(profile, 'WebDriverBiDiServer.json'), 'utf8').catch(() => '');
  if (!written.trimEnd().endsWith('}')) return '';
  const { ws_host: host, ws_port: port } = JSON.parse(written);
  return `ws://${host}:${port}`;
}

function drive({ send }: BiDiSession): Omit<BrowserDriver, 'close'> {
  const resizeWindow: BrowserDriver['resizeWindow'] = async (context, width, height) => {
    await send('browsingContext.setViewport', { context, viewport: { width, height } });
  };
  return {
    async openWindow() {
      const { context } = await send('browsingContext.create', { type: 'window' });
      await resizeWindow(context, WINDOW_SIZE.width, WINDOW_SIZE.height);
      return context;
    },
    async closeWindow(context) {
      await send('browsingContext.close', { context });
    },
    resizeWindow,
    async navigate(context, url) {
      await send('browsingContext.navigate', { context, url, wait: 'complete' });
    },
    async call(context, source, argument) {
      const { result, exceptionDetails } = await send('script.callFunction', {
        functionDeclaration: source,
        arguments: [{ type: 'string', value: argument }],
        target: { context },
        awaitPromise: true,
      });
      if (exceptionDetails) throw new Error(exceptionDetails.text);
      return result.value;
    },
    async perform(context, actions) {
      await send('input.performActions', { context, actions });
    },
  };
}
