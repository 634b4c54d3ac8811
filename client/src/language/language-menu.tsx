import { useId } from 'react';
import { CheckIcon, LanguageIcon } from '../icons.tsx';
import { useDisclosure } from '../menu/use-disclosure.ts';
import { useServices } from '../services/services.ts';
import { useStore } from '../services/use-store.ts';
import { useLanguage, useTranslation } from './language-context.tsx';
import '../menu/menu.css';
import './language-menu.css';
import { LANGUAGE_CODES, LANGUAGES } from './languages.ts';
import { phrase } from './phrase.ts';
import type { LanguageChoice } from './preferred-language.ts';

/** Chooses the language: the browser's, or one of those that the page can be read in, each under its own name. */
export function LanguageMenu() {
  const language = useLanguage();
  const { choice } = useStore(language);
  const { t } = useTranslation();
  const { toasts } = useServices();
  const { isOpen, toggle, close, ref } = useDisclosure();
  const id = useId();
  const choose = async (chosen: LanguageChoice) => {
    close();
    ref.current?.querySelector('button')?.focus();
    if (!(await language.choose(chosen))) toasts.show(phrase('language.failed'));
  };
  const entries = [
    { value: 'system', name: t('language.system') } as const,
    ...LANGUAGE_CODES.map((code) => ({ value: code, name: LANGUAGES[code].name, lang: code })),
  ];

  return (
    <div ref={ref} className="language">
      <button
        type="button"
        className="icon-button"
        data-testid="language-button"
        aria-label={t('language.label')}
        title={t('language.label')}
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onClick={toggle}
      >
        <LanguageIcon />
      </button>
      {isOpen && (
        <ul id={id} className="menu language-menu" data-open-menu aria-label={t('language.label')}>
          {entries.map(({ value, name, ...lang }) => (
            <li key={value}>
              <button
                type="button"
                {...lang}
                data-testid={`language-${value}`}
                aria-current={value === choice}
                onClick={() => void choose(value)}
              >
                <bdi>{name}</bdi>
                {value === choice && <CheckIcon />}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
