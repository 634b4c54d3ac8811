/// <reference lib="dom" />

/** The part of GraphiQL's tabs that is used here, as its `onTabChange` passes them. */
interface Tabs {
  tabs: { variables?: string | null; headers?: string | null; response?: string | null }[];
  activeTabIndex: number;
}

/**
 * Makes the example tabs one conversation and shows an answer as it grows. Runs in the browser, in GraphiQL's page, which
 * contains its source text: it can use only its arguments and what is declared inside it.
 *
 * Replaces `page.WebSocket`, so it runs before GraphiQL takes it, and returns GraphiQL's `onTabChange` and the payload of
 * `connection_init`: the token below *Headers*, which GraphiQL sends over HTTP only. It changes variables that begin with the
 * line `mark`, copies a token into tabs without headers, and adds to results that are a TurnTextAdded; nothing else.
 */
export function connectExamples(
  page: { localStorage: Pick<Storage, 'getItem' | 'setItem'>; WebSocket: typeof WebSocket },
  mark: string,
): { onTabChange(tabs: Tabs): void; connectionParams(): Record<string, unknown> } {
  const { localStorage } = page;
  /** The key under which the newest conversation is stored, with the fields that tab 1 selects. */
  const CONVERSATION = 'taskflow:conversation';
  /** The turn whose text is being added to. Turns of a conversation never overlap, and GraphiQL listens to one. */
  let turn = { id: '', text: '' };
  /** The headers with the newest token. */
  let shared = '';

  page.WebSocket = class extends page.WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      // Before any listener of GraphiQL, which gets the same event.
      this.addEventListener('message', (event) => {
        Object.defineProperty(event, 'data', { value: withAnswerSoFar(event.data) });
      });
      // GraphiQL shows the event as JSON, which has own properties only.
      this.addEventListener('close', (event) => {
        const { code, reason } = event;
        for (const [name, value] of Object.entries({ code, reason }))
          Object.defineProperty(event, name, { value, enumerable: true });
      });
    }
  };
  openStoredTabs();
  return { onTabChange, connectionParams };

  /** `data`: a message of the graphql-transport-ws protocol. */
  function withAnswerSoFar(data: string): string {
    const message = parse(data);
    const event = Object.values(message?.payload?.data ?? {})[0] as Record<string, unknown> | undefined;
    if (message?.type !== 'next' || event?.__typename !== 'TurnTextAdded') return data;
    const { turnId, offset, text } = event;
    if (typeof turnId !== 'string' || typeof offset !== 'number' || typeof text !== 'string') return data;
    const soFar = turn.id === turnId ? turn.text : '';
    // Listening began in the middle of the answer: the text before is unknown here.
    if (soFar.length < offset) return data;
    turn = { id: turnId, text: soFar.slice(0, offset) + text };
    message.payload.extensions = { ...message.payload.extensions, answerSoFar: turn.text };
    return JSON.stringify(message);
  }

  /** GraphiQL puts a tab's variables and headers into the editor when the tab is opened, and stores them at the next change. */
  function onTabChange({ tabs, activeTabIndex }: Tabs): void {
    const active = tabs[activeTabIndex];
    const created = parse(active?.response)?.data?.createConversation?.conversation;
    if (created?.id) localStorage.setItem(CONVERSATION, JSON.stringify(created));
    const before = shared;
    if (authorizationIn(active?.headers) !== undefined) shared = active?.headers ?? '';
    for (const tab of tabs) {
      tab.variables = followed(tab.variables);
      // One token serves every tab without headers of its own.
      if (shared && (!tab.headers || tab.headers === before)) tab.headers = shared;
    }
  }

  function connectionParams(): Record<string, unknown> {
    const { tabs, activeTabIndex } = parse(localStorage.getItem('graphiql:tabState')) ?? {};
    const authorization = authorizationIn(tabs?.[activeTabIndex]?.headers || shared);
    return authorization === undefined ? {} : { authorization };
  }

  function authorizationIn(headers: string | null | undefined): unknown {
    const entries = Object.entries(parse(headers) ?? {});
    return entries.find(([name]) => name.toLowerCase() === 'authorization')?.[1];
  }

  /**
   * GraphiQL opens the tab that has the stored query and variables, or another one if none has. It stores each of them a
   * moment after it has changed, so that they can be of two tabs: the query counts.
   */
  function openStoredTabs(): void {
    const stored = parse(localStorage.getItem('graphiql:tabState'));
    if (!stored) return;
    for (const tab of stored.tabs) tab.variables = followed(tab.variables);
    const isOpen = (tab: { query?: string }) => tab?.query === localStorage.getItem('graphiql:query');
    if (!isOpen(stored.tabs[stored.activeTabIndex])) {
      const index = stored.tabs.findIndex(isOpen);
      if (index >= 0) stored.activeTabIndex = index;
    }
    const open = stored.tabs[stored.activeTabIndex];
    if (open && isOpen(open)) {
      localStorage.setItem('graphiql:variables', open.variables ?? '');
      localStorage.setItem('graphiql:headers', open.headers ?? '');
    }
    localStorage.setItem('graphiql:tabState', JSON.stringify(stored));
  }

  /** The variables of a tab, of the newest conversation if they are marked as following it. */
  function followed(variables: string | null | undefined): string | null {
    const { id, latestEventCursor = null } = parse(localStorage.getItem(CONVERSATION)) ?? {};
    const values = variables?.startsWith(mark) ? parse(variables.slice(mark.length)) : null;
    if (!id || !values || values.conversationId === id) return variables ?? null;
    const changed = { conversationId: id, ...('after' in values && { after: latestEventCursor }) };
    return `${mark}\n${JSON.stringify({ ...values, ...changed }, null, 2)}`;
  }

  // biome-ignore lint/suspicious/noExplicitAny: whatever JSON is there; null where it is none
  function parse(json: string | null | undefined): any {
    try {
      return JSON.parse(json ?? 'null');
    } catch {
      return null;
    }
  }
}
