import { AddressField, Field } from '../form/field.tsx';
import { PasswordField } from '../form/password-field.tsx';
import { passwordOf, textOf, useForm } from '../form/use-form.ts';
import { useTranslation } from '../language/language-context.tsx';
import { useServices } from '../services/services.ts';
import { AuthForm } from './auth-form.tsx';
import { callAuth } from './call-auth.ts';
import { faultsIn, faultsOf, SHORTEST_PASSWORD } from './faults.ts';
import { CONFIRMED, goOn } from './go-on.ts';

/** Name, address and password of a new person. `onMail`: they must confirm their address by a mail first. */
export function SignUpForm(props: {
  address: string;
  onAddress(address: string): void;
  onMail(address: string): void;
}) {
  const { t } = useTranslation();
  const { account } = useServices();
  const form = useForm(async (data) => {
    const [name, email, password] = [textOf(data, 'name'), textOf(data, 'email'), passwordOf(data)];
    const faults = faultsIn({ name, email, newPassword: password });
    if (faults) return faults;
    const answer = await callAuth('/sign-up/email', { name, email, password, callbackURL: CONFIRMED });
    if (answer.ok && !answer.body.token) {
      props.onMail(email);
      return null;
    }
    return faultsOf(answer) ?? goOn(account);
  });
  return (
    <AuthForm form={form} submit={t('signUp.submit')}>
      <Field form={form} name="name" label={t('signIn.name')} autoComplete="name" maxLength={100} />
      <AddressField
        form={form}
        label={t('signIn.email')}
        address={props.address}
        onAddress={props.onAddress}
      />
      <PasswordField
        form={form}
        label={t('signIn.password')}
        hint={t('signIn.passwordHint', { count: SHORTEST_PASSWORD })}
        autoComplete="new-password"
      />
    </AuthForm>
  );
}
