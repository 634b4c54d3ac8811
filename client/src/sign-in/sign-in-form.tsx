import { AddressField } from '../form/field.tsx';
import { PasswordField } from '../form/password-field.tsx';
import { passwordOf, textOf, useForm } from '../form/use-form.ts';
import { useTranslation } from '../language/language-context.tsx';
import { useServices } from '../services/services.ts';
import { AuthForm } from './auth-form.tsx';
import { callAuth } from './call-auth.ts';
import { faultsIn, faultsOf } from './faults.ts';
import { CONFIRMED, goOn } from './go-on.ts';

/** Address and password. `address`: what was entered in another form. */
export function SignInForm(props: { address: string; onAddress(address: string): void; onForgot(): void }) {
  const { t } = useTranslation();
  const { account } = useServices();
  const form = useForm(async (data) => {
    const entered = { email: textOf(data, 'email'), password: passwordOf(data) };
    const faults = faultsIn(entered);
    if (faults) return faults;
    const answer = await callAuth('/sign-in/email', { ...entered, callbackURL: CONFIRMED });
    return faultsOf(answer) ?? goOn(account);
  });
  return (
    <AuthForm form={form} submit={t('signIn.submit')}>
      <AddressField
        form={form}
        label={t('signIn.email')}
        address={props.address}
        onAddress={props.onAddress}
      />
      <PasswordField form={form} label={t('signIn.password')} autoComplete="current-password" />
      <button type="button" className="text-button forgot" data-testid="to-forgot" onClick={props.onForgot}>
        {t('signIn.forgot')}
      </button>
    </AuthForm>
  );
}
