import { lazy, type ReactNode, Suspense } from 'react';
import { Provider } from 'urql';
import { Welcome } from './composer/welcome.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { Layout } from './layout.tsx';
import { Link } from './router/link.tsx';
import { type Route, routeOf, usePathname } from './router/router.ts';
import { type Services, ServicesContext } from './services/services.ts';
import { ToastList } from './services/toast-list.tsx';
import { StartGate } from './start-gate.tsx';
import { texts } from './texts.ts';
import { Thread } from './thread/thread.tsx';

/** Loaded on demand, because few users open its charts. */
const UsagePage = lazy(() => import('./usage/usage-page.tsx'));

/** The whole page, with the services that main.tsx has built. */
export function App({ services }: { services: Services }) {
  return (
    <ErrorBoundary>
      <ServicesContext value={services}>
        <Provider value={services.urql}>
          <StartGate>
            <Routed />
          </StartGate>
          <ToastList />
        </Provider>
      </ServicesContext>
    </ErrorBoundary>
  );
}

function Routed() {
  const route = routeOf(usePathname());
  return (
    <Layout
      currentId={route.name === 'conversation' ? route.id : null}
      page={(menu) => <Page route={route} menu={menu} />}
    />
  );
}

function Page({ route, menu }: { route: Route; menu: ReactNode }) {
  switch (route.name) {
    case 'welcome':
      return <Welcome menu={menu} />;
    case 'conversation':
      return <Thread key={route.id} id={route.id} menu={menu} />;
    case 'usage':
      return (
        <Suspense fallback={<main className="placeholder">{texts.usage.loading}</main>}>
          <UsagePage menu={menu} />
        </Suspense>
      );
    case 'unknown':
      return (
        <>
          <header className="page-header">{menu}</header>
          <main className="placeholder" data-testid="not-found">
            <h1>{texts.notFound}</h1>
            <Link className="button" href="/">
              {texts.thread.start}
            </Link>
          </main>
        </>
      );
  }
}
