import { useEffect, useState } from 'react';
import { CheckIcon, CopyIcon } from '../icons.tsx';
import { useTranslation } from '../language/language-context.tsx';
import { copyText } from './copy-text.ts';

const SHOWN_MS = 2_000;

/** Copies `text`, and shows that for two seconds. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <button
      type="button"
      className="icon-button copy-button"
      data-testid="copy-button"
      aria-label={copied ? t('thread.copied') : label}
      title={copied ? t('thread.copied') : label}
      onClick={() => void copyText(text).then(setCopied)}
    >
      {copied ? <CheckIcon /> : <CopyIcon />}
    </button>
  );
}
