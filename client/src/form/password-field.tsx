import { useState } from 'react';
import { useTranslation } from '../language/language-context.tsx';
import { Field } from './field.tsx';
import type { Form } from './use-form.ts';

/** A field for a password, which can be shown. */
export function PasswordField(props: {
  form: Form;
  label: string;
  hint?: string;
  autoComplete: 'current-password' | 'new-password';
}) {
  const { t } = useTranslation();
  const [isShown, setShown] = useState(false);
  return (
    <div className="password">
      <Field
        {...props}
        name="password"
        type={isShown ? 'text' : 'password'}
        dir="ltr"
        autoCapitalize="none"
        spellCheck={false}
      />
      <button
        type="button"
        className="text-button"
        aria-label={t('signIn.showPassword')}
        aria-pressed={isShown}
        onClick={() => setShown(!isShown)}
      >
        {isShown ? t('signIn.hide') : t('signIn.show')}
      </button>
    </div>
  );
}
