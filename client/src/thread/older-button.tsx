import { type RefObject, useEffect, useRef } from 'react';
import { useTranslation } from '../language/language-context.tsx';

/** Loads earlier messages when it is scrolled into view, or when pressed. */
export function OlderButton(props: {
  scroller: RefObject<HTMLElement | null>;
  loading: boolean;
  load(): void;
}) {
  const { t } = useTranslation();
  const { scroller, loading, load } = props;
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!button.current || loading) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((it) => it.isIntersecting) && (scroller.current?.scrollTop ?? 0) > 0) load();
      },
      { root: scroller.current, rootMargin: '200px 0px 0px' },
    );
    observer.observe(button.current);
    return () => observer.disconnect();
  }, [scroller, loading, load]);
  return (
    <button
      ref={button}
      type="button"
      className="text-button older-button"
      data-testid="load-older"
      disabled={loading}
      onClick={load}
    >
      {loading ? t('thread.loadingOlder') : t('thread.older')}
    </button>
  );
}
