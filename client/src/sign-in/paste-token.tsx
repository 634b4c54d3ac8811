import { Field } from '../form/field.tsx';
import { textOf, useForm } from '../form/use-form.ts';
import { useServices } from '../services/services.ts';
import { texts } from '../texts.ts';
import { AuthForm } from './auth-form.tsx';
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
  return (
    <Card title={texts.pasteToken.title} lead={texts.pasteToken.lead} testId="paste-token">
      <AuthForm form={form} submit={texts.pasteToken.submit}>
        <Field
          form={form}
          name="token"
          label={texts.pasteToken.label}
          hint={texts.pasteToken.hint}
          type="password"
          autoComplete="off"
          spellCheck={false}
        />
      </AuthForm>
    </Card>
  );
}
