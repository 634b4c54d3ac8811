import { Field } from '../form/field.tsx';
import { textOf, useForm } from '../form/use-form.ts';
import { useTranslation } from '../language/language-context.tsx';
import { phrase } from '../language/phrase.ts';
import { useServices } from '../services/services.ts';
import { AuthForm } from './auth-form.tsx';
import { Card } from './card.tsx';

/** Where people cannot sign in here: a field for a token from elsewhere, with which an operator can try the page. */
export function PasteToken() {
  const { t } = useTranslation();
  const { account } = useServices();
  const form = useForm(async (data) => {
    const token = textOf(data, 'token');
    if (token === '') return { token: phrase('pasteToken.missing') };
    try {
      return (await account.paste(token)) ? null : { token: phrase('pasteToken.refused') };
    } catch {
      return { form: phrase('authFaults.network') };
    }
  });
  return (
    <Card title={t('pasteToken.title')} lead={t('pasteToken.lead')} testId="paste-token">
      <AuthForm form={form} submit={t('pasteToken.submit')}>
        <Field
          form={form}
          name="token"
          label={t('pasteToken.label')}
          hint={t('pasteToken.hint')}
          type="password"
          dir="ltr"
          autoComplete="off"
          spellCheck={false}
        />
      </AuthForm>
    </Card>
  );
}
