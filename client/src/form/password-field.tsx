import { useState } from 'react';
import { texts } from '../texts.ts';
import { Field } from './field.tsx';
import type { Form } from './use-form.ts';

/** A field for a password, which can be shown. */
export function PasswordField(props: {
  form: Form;
  label: string;
  hint?: string;
  autoComplete: 'current-password' | 'new-password';
}) {
  const [isShown, setShown] = useState(false);
  return (
    <div className="password">
      <Field
        {...props}
        name="password"
        type={isShown ? 'text' : 'password'}
        autoCapitalize="none"
        spellCheck={false}
      />
      <button
        type="button"
        className="text-button"
        aria-label={texts.signIn.showPassword}
        aria-pressed={isShown}
        onClick={() => setShown(!isShown)}
      >
        {isShown ? texts.signIn.hide : texts.signIn.show}
      </button>
    </div>
  );
}
