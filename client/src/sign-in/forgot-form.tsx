import { AddressField } from '../form/field.tsx';
import { textOf, useForm } from '../form/use-form.ts';
import { useTranslation } from '../language/language-context.tsx';
import { AuthForm } from './auth-form.tsx';
import { callAuth } from './call-auth.ts';
import { faultsIn, faultsOf } from './faults.ts';

/** Asks for a mail with a link to choose a new password. The server does not say whether there is such an account. */
export function ForgotForm(props: {
  address: string;
  onAddress(address: string): void;
  onMail(address: string): void;
}) {
  const { t } = useTranslation();
  const form = useForm(async (data) => {
    const email = textOf(data, 'email');
    const faults = faultsIn({ email });
    if (faults) return faults;
    const answer = await callAuth('/request-password-reset', { email, redirectTo: '/reset-password' });
    if (answer.ok) props.onMail(email);
    return faultsOf(answer);
  });
  return (
    <AuthForm form={form} submit={t('forgot.submit')}>
      <AddressField
        form={form}
        label={t('signIn.email')}
        address={props.address}
        onAddress={props.onAddress}
      />
    </AuthForm>
  );
}
