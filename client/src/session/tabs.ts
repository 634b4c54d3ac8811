/** What the tabs of one browser say to each other. `who` is the id of a person. */
export type TabMessage = { type: 'signed-in'; who: string } | { type: 'signed-out' };

/** The other tabs of this browser with this page. */
export interface Tabs {
  post(message: TabMessage): void;
  /** Calls back with what other tabs post, never with what this one does. */
  listen(listener: (message: TabMessage) => void): void;
  close(): void;
}

const NAME = 'taskflow.account';

/** By BroadcastChannel; in a browser without it, by the events of its storage. */
export function openTabs(page: Window & { BroadcastChannel?: typeof BroadcastChannel }): Tabs {
  const { BroadcastChannel: Channel } = page;
  return Channel ? byChannel(new Channel(NAME)) : byStorage(page);
}

function byChannel(channel: BroadcastChannel): Tabs {
  return {
    post: (message) => channel.postMessage(message),
    listen(listener) {
      channel.onmessage = ({ data }) => {
        if (isTabMessage(data)) listener(data);
      };
    },
    close: () => channel.close(),
  };
}

function byStorage(page: Window): Tabs {
  let stop = () => {};
  return {
    post(message) {
      try {
        // The event is for changes only, so the same message twice must differ.
        page.localStorage.setItem(NAME, JSON.stringify({ ...message, at: `${Date.now()} ${Math.random()}` }));
      } catch {
        // Storage can be forbidden; then each tab learns it from the server.
      }
    },
    listen(listener) {
      const onStorage = ({ key, newValue }: StorageEvent) => {
        const message = key === NAME && newValue ? parsed(newValue) : null;
        if (isTabMessage(message)) listener(message);
      };
      page.addEventListener('storage', onStorage);
      stop = () => page.removeEventListener('storage', onStorage);
    },
    close: () => stop(),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isTabMessage(it: unknown): it is TabMessage {
  if (typeof it !== 'object' || it === null || !('type' in it)) return false;
  return it.type === 'signed-out' || (it.type === 'signed-in' && 'who' in it && typeof it.who === 'string');
}
