import { lazy, type ReactNode, Suspense } from 'react';
import { useViewer } from '../session/use-viewer.ts';
import { texts } from '../texts.ts';
import { readsTelemetry } from './reads-telemetry.ts';

/** Loaded on demand, because few users open its charts. */
const UsagePage = lazy(() => import('./usage-page.tsx'));

/** The Usage page, or for people without a right to it, why they do not see it. */
export function UsageGate({ menu }: { menu: ReactNode }) {
  const viewer = useViewer();
  if (viewer && !readsTelemetry(viewer.role)) {
    return (
      <>
        <header className="page-header">
          {menu}
          <h1>{texts.usage.title}</h1>
        </header>
        <main className="placeholder" data-testid="usage-refused">
          <h2>{texts.usage.refused}</h2>
          <p>{texts.usage.refusedLead}</p>
        </main>
      </>
    );
  }
  return (
    <Suspense fallback={<main className="placeholder">{texts.usage.loading}</main>}>
      <UsagePage menu={menu} />
    </Suspense>
  );
}
