import { connectExamples } from './connect-examples.ts';
import { EXAMPLE_TABS, MARK } from './example-tabs.ts';

/**
 * Yoga's GraphiQL page with connected example tabs. It loads everything from this server. The page is megabytes of text, so
 * it is loaded when the first one is requested.
 */
export async function renderPage(): Promise<string> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  return renderGraphiQL({
    title: 'TaskFlow GraphiQL',
    subscriptionsProtocol: 'WS',
    defaultTabs: EXAMPLE_TABS,
  })
    .replace('YogaGraphiQL.renderYogaGraphiQL(', 'renderConnected(')
    .replace('</head>', () => `${SCRIPT}</head>`);
}

/** Runs before GraphiQL's own script. tsx calls `__name` in functions that it has compiled. */
const SCRIPT = `<script>
  const renderConnected = (() => {
    const __name = (it) => it;
    const connected = (${connectExamples})(window, ${JSON.stringify(MARK)});
    return (root, options) => YogaGraphiQL.renderYogaGraphiQL(root, { ...options, ...connected });
  })();
</script>
`;
