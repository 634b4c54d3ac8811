import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../servers/free-port.ts';
import { end, startUntil } from '../servers/own-server.ts';
import { ROOM, startDisplay, XVFB } from './display.ts';
import { type BrowserDriver, WINDOW_SIZE } from './driver.ts';
import { openWebDriver, type WebDriverSession } from './webdriver.ts';

const DRIVER = '/usr/bin/WebKitWebDriver';
const MINI_BROWSER = ['x86_64', 'aarch64']
  .flatMap((cpu) => ['webkit2gtk-4.1', 'webkitgtk-6.0'].map((library) => `${cpu}-linux-gnu/${library}`))
  .map((folder) => `/usr/lib/${folder}/MiniBrowser`)
  .find(existsSync);

/** The path of WebKitGTK's own small browser on this machine; undefined if it or what drives it is missing. */
export const WEBKIT = existsSync(DRIVER) && XVFB ? MINI_BROWSER : undefined;

/** WebKitGTK on a virtual display, driven over WebDriver. */
export async function startWebKit(): Promise<BrowserDriver> {
  const home = await mkdtemp(join(tmpdir(), 'taskflow-webkit-'));
  const display = await startDisplay();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const driver = await startUntil(
    DRIVER,
    [`--port=${port}`],
    { env: { ...process.env, HOME: home, DISPLAY: display.name, GDK_BACKEND: 'x11' } },
    () =>
      fetch(`${url}/status`).then(
        ({ ok }) => ok,
        () => false,
      ),
  );
  const session = await openWebDriver(url, {
    'webkitgtk:browserOptions': { binary: WEBKIT, args: ['--automation'] },
  });
  return {
    ...drive(session, await session.send('GET', '/window')),
    async close() {
      try {
        await session.send('DELETE', '');
      } finally {
        await end(driver, 'SIGTERM');
        await display.close();
        await rm(home, { recursive: true, force: true, maxRetries: 5 });
      }
    },
  };
}

/** `first`: a window that stays open. */
function drive({ send }: WebDriverSession, first: string): Omit<BrowserDriver, 'close'> {
  // A command is for the window that was switched to before.
  const inTurn = queue();
  const within = <T>(handle: string, work: () => Promise<T>) =>
    inTurn(async () => {
      await send('POST', '/window', { handle });
      return work();
    });
  const places: (string | null)[] = Array.from({ length: ROOM }, () => null);
  return {
    async openWindow() {
      const { handle } = await within(first, () => send('POST', '/window/new', { type: 'window' }));
      // Beside the others: one that is behind another draws no frames.
      const place = places.indexOf(null);
      if (place < 0) throw new Error(`there is room for ${ROOM} windows`);
      places[place] = handle;
      const x = place * WINDOW_SIZE.width;
      await within(handle, () => send('POST', '/window/rect', { ...WINDOW_SIZE, x, y: 0 }));
      return handle;
    },
    async closeWindow(id) {
      await within(id, () => send('DELETE', '/window'));
      places[places.indexOf(id)] = null;
    },
    resizeWindow: (id, width, height) => within(id, () => send('POST', '/window/rect', { width, height })),
    navigate: (id, url) => within(id, () => send('POST', '/url', { url })),
    call: (id, source, argument) =>
      within(id, () =>
        send('POST', '/execute/sync', { script: `return (${source})(arguments[0])`, args: [argument] }),
      ),
    perform: (id, actions) => within(id, () => send('POST', '/actions', { actions })),
  };
}

/** Runs one work after the other, in the order in which they were given. */
function queue(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work);
    last = next.catch(() => {});
    return next;
  };
}
