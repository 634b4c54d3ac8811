import { useTranslation } from '../language/language-context.tsx';
import { CopyButton } from './copy-button.tsx';
import { ScrollBox } from './scroll-box.tsx';

/** A block of code with its language and a copy button. `live`: it is still being spoken. */
export function CodeBlock({ text, language, live }: { text: string; language: string; live: boolean }) {
  const { t } = useTranslation();
  return (
    <div className="code-block" dir="ltr">
      <div className="code-head">
        <span>{language}</span>
        <CopyButton text={text} label={t('thread.copy')} />
      </div>
      <ScrollBox
        className="code-scroll"
        label={language ? t('thread.codeIn', { language }) : t('thread.code')}
      >
        <pre>
          <code>{text}</code>
          {live && <span className="cursor" aria-hidden="true" />}
        </pre>
      </ScrollBox>
    </div>
  );
}
