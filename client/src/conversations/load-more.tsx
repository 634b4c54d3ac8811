import { useEffect, useRef } from 'react';
import { texts } from '../texts.ts';

/** Loads the next page when it is scrolled near the view, or when pressed. */
export function LoadMore({ loading, load }: { loading: boolean; load(): void }) {
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
      {loading ? texts.sidebar.loading : texts.sidebar.loadMore}
    </button>
  );
}
