import { ARABIC } from './arabic.ts';
import { CHINESE, JAPANESE } from './asian.ts';
import { CHATS } from './chats.ts';
import { ENGLISH } from './english.ts';
import { FRENCH, GERMAN, PORTUGUESE, SPANISH } from './european.ts';
import { FORMS } from './forms.ts';
import { HINDI, HINGLISH } from './indian.ts';
import type { LanguageTexts } from './language-texts.ts';
import { NAMES } from './names.ts';
import { REQUESTS } from './requests.ts';
import { SENTENCES } from './sentences.ts';
import { SEPARATORS } from './separators.ts';

export const LANGUAGES: Readonly<Record<string, LanguageTexts>> = {
  ENGLISH,
  HINGLISH,
  HINDI,
  GERMAN,
  FRENCH,
  SPANISH,
  PORTUGUESE,
  CHINESE,
  JAPANESE,
  ARABIC,
  CHATS,
  FORMS,
  NAMES,
  REQUESTS,
  SENTENCES,
  SEPARATORS,
};
