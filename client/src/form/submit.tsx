import { useTranslation } from '../language/language-context.tsx';
import type { Form } from './use-form.ts';

/** The end of a form: what is wrong with it as a whole, and the button that sends it. */
export function Submit({ form, label }: { form: Form; label: string }) {
  const { t, say } = useTranslation();
  return (
    <>
      {form.faults.form && (
        <p className="form-fault" role="alert" data-testid="fault-form">
          {say(form.faults.form)}
        </p>
      )}
      <button type="submit" className="button button-primary" data-testid="submit" aria-disabled={form.busy}>
        {form.busy ? t('signIn.busy') : label}
      </button>
    </>
  );
}
