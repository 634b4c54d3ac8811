import { createContext, type ReactNode, useContext } from 'react';
import { useStore } from '../services/use-store.ts';
import type { Language } from './language.ts';
import { ENGLISH, type Translation } from './translation.ts';

const LanguageContext = createContext<Language | null>(null);
const TranslationContext = createContext(ENGLISH);

/** Puts what is below it into the language; all of it is rendered again when that changes, and nothing is mounted again. */
export function LanguageProvider({ language, children }: { language: Language; children: ReactNode }) {
  const { translation } = useStore(language);
  return (
    <LanguageContext value={language}>
      <TranslationContext value={translation}>{children}</TranslationContext>
    </LanguageContext>
  );
}

/** The texts and formats of the language that the page is in; outside of a {@link LanguageProvider} English. */
export function useTranslation(): Translation {
  return useContext(TranslationContext);
}

/** For choosing a language; throws outside of a {@link LanguageProvider}. */
export function useLanguage(): Language {
  const language = useContext(LanguageContext);
  if (!language) throw new Error('No LanguageProvider above this component');
  return language;
}
