import { lazy, type ReactNode, Suspense, useEffect } from 'react';
import { Provider } from 'urql';
import { Welcome } from './composer/welcome.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { keepFocus } from './focus/focus-home.ts';
import type { Language } from './language/language.ts';
import { LanguageProvider, useTranslation } from './language/language-context.tsx';
import { Layout } from './layout.tsx';
import { Link } from './router/link.tsx';
import { type Route, routeOf, usePathname } from './router/router.ts';
import { ServicesContext } from './services/services.ts';
import { ToastList } from './services/toast-list.tsx';
import { useStore } from './services/use-store.ts';
import type { Visits } from './services/visits.ts';
import { ResetPassword } from './sign-in/reset-password.tsx';
import { SignInGate } from './sign-in/sign-in-gate.tsx';
import { StartGate } from './start-gate.tsx';
import { Thread } from './thread/thread.tsx';
import { UsageGate } from './usage/usage-gate.tsx';

/** Loaded on demand, because few users open it. */
const TokensPage = lazy(() => import('./tokens/tokens-page.tsx'));

/** The whole page, with the services of the visit that is going on. */
export function App({ visits, language }: { visits: Visits; language: Language }) {
  const services = useStore(visits);
  useEffect(() => keepFocus(document), []);
  return (
    <LanguageProvider language={language}>
      <ErrorBoundary>
        <ServicesContext value={services} key={services.visit}>
          <Provider value={services.urql}>
            <Routed />
            <ToastList />
          </Provider>
        </ServicesContext>
      </ErrorBoundary>
    </LanguageProvider>
  );
}

function Routed() {
  const route = routeOf(usePathname());
  if (route.name === 'resetPassword') return <ResetPassword />;
  return (
    <SignInGate>
      <StartGate>
        <Layout
          currentId={route.name === 'conversation' ? route.id : null}
          page={(menu) => <Page route={route} menu={menu} />}
        />
      </StartGate>
    </SignInGate>
  );
}

function Page({ route, menu }: { route: Route; menu: ReactNode }) {
  const { t } = useTranslation();
  switch (route.name) {
    case 'welcome':
    // Who is signed in already is not asked to sign in.
    case 'signIn':
      return <Welcome menu={menu} />;
    case 'conversation':
      return <Thread key={route.id} id={route.id} menu={menu} />;
    case 'usage':
      return <UsageGate menu={menu} />;
    case 'tokens':
      return (
        <Suspense fallback={<main className="placeholder">{t('usage.loading')}</main>}>
          <TokensPage menu={menu} />
        </Suspense>
      );
    case 'resetPassword':
    case 'unknown':
      return (
        <>
          <header className="page-header">{menu}</header>
          <main className="placeholder" data-testid="not-found">
            <h1>{t('notFound')}</h1>
            <Link className="button" href="/">
              {t('thread.start')}
            </Link>
          </main>
        </>
      );
  }
}
