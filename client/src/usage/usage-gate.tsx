import { lazy, type ReactNode, Suspense } from 'react';
import { useTranslation } from '../language/language-context.tsx';
import { useViewer } from '../session/use-viewer.ts';
import { readsTelemetry } from './reads-telemetry.ts';

/** Loaded on demand, because few users open its charts. */
const UsagePage = lazy(() => import('./usage-page.tsx'));

/** The Usage page, or for people without a right to it, why they do not see it. */
export function UsageGate({ menu }: { menu: ReactNode }) {
  const { t } = useTranslation();
  const viewer = useViewer();
  if (viewer && !readsTelemetry(viewer.role)) {
    return (
      <>
        <header className="page-header">
          {menu}
          <h1>{t('usage.title')}</h1>
        </header>
        <main className="placeholder" data-testid="usage-refused">
          <h2>{t('usage.refused')}</h2>
          <p>{t('usage.refusedLead')}</p>
        </main>
      </>
    );
  }
  return (
    <Suspense fallback={<main className="placeholder">{t('usage.loading')}</main>}>
      <UsagePage menu={menu} />
    </Suspense>
  );
}
