import { Field } from '../form/field.tsx';
import { Submit } from '../form/submit.tsx';
import { useFocus } from '../form/use-focus.ts';
import { textOf, useForm } from '../form/use-form.ts';
import { useServices } from '../services/services.ts';
import { texts } from '../texts.ts';
import { Card } from './card.tsx';

/** Where people cannot sign in here: a field for a token from elsewhere, with which an operator can try the page. */
export function PasteToken() {
  const { account } = useServices();
  const form = useForm(async (data) => {
    const token = textOf(data, 'token');
    if (token === '') return { token: texts.pasteToken.missing };
    try {
      return (await account.paste(token)) ? null : { token: texts.pasteToken.refused };
    } catch {
      return { form: texts.authFaults.network };
    }
  });
  useFocus(form.ref);
  return (
    <Card title={texts.pasteToken.title} lead={texts.pasteToken.lead} testId="paste-token">
      <form ref={form.ref} className="sign-in-form" onSubmit={form.onSubmit} noValidate>
        <Field
          form={form}
          name="token"
          label={texts.pasteToken.label}
          hint={texts.pasteToken.hint}
          type="password"
          autoComplete="off"
          spellCheck={false}
        />
        <Submit form={form} label={texts.pasteToken.submit} />
      </form>
    </Card>
  );
}
