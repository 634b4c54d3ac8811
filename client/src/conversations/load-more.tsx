import { useEffect, useRef } from 'react';
import { useTranslation } from '../language/language-context.tsx';

/** Loads the next page when it is scrolled near the view, or when pressed. */
export function LoadMore({ loading, load }: { loading: boolean; load(): void }) {
  const { t } = useTranslation();
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!button.current || loading) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((it) => it.isIntersecting)) load();
      },
      { rootMargin: '200px' },
    );
    observer.observe(button.current);
    return () => observer.disconnect();
  }, [loading, load]);
  return (
    <button
      ref={button}
      type="button"
      className="text-button load-more"
      data-testid="load-more"
      disabled={loading}
      onClick={load}
    >
      {loading ? t('sidebar.loading') : t('sidebar.loadMore')}
    </button>
  );
}
