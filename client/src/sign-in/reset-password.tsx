import { useEffect, useState } from 'react';
import { PasswordField } from '../form/password-field.tsx';
import { passwordOf, useForm } from '../form/use-form.ts';
import { useTranslation } from '../language/language-context.tsx';
import { Link } from '../router/link.tsx';
import { useServices } from '../services/services.ts';
import { AuthForm } from './auth-form.tsx';
import { callAuth } from './call-auth.ts';
import { Card } from './card.tsx';
import { faultsIn, faultsOf, SHORTEST_PASSWORD } from './faults.ts';
import { ForgotForm } from './forgot-form.tsx';

type View = { name: 'form'; token: string } | { name: 'invalid' | 'done' } | { name: 'mail'; to: string };

/** Where the link of a mail leads to: `/reset-password?token=...`, or `?error=...` when it is not valid any more. */
export function ResetPassword() {
  const { t } = useTranslation();
  const [view, setView] = useState<View>(viewOfAddress);
  const [address, setAddress] = useState('');
  // So that the token is not seen, copied or kept in the history.
  useEffect(() => history.replaceState(history.state, '', location.pathname), []);
  const toSignIn = (
    <p className="sign-in-foot">
      <Link href="/">{view.name === 'done' ? t('signIn.toSignIn') : t('signIn.back')}</Link>
    </p>
  );
  switch (view.name) {
    case 'form':
      return (
        <Card testId="reset-password" title={t('resetPassword.title')} lead={t('resetPassword.lead')}>
          <NewPassword
            token={view.token}
            onDone={() => setView({ name: 'done' })}
            onInvalid={() => setView({ name: 'invalid' })}
          />
        </Card>
      );
    case 'invalid':
      return (
        <Card testId="reset-invalid" title={t('resetPassword.invalid')} lead={t('resetPassword.invalidLead')}>
          <ForgotForm
            address={address}
            onAddress={setAddress}
            onMail={(to) => setView({ name: 'mail', to })}
          />
          {toSignIn}
        </Card>
      );
    case 'mail':
      return (
        <Card testId="check-mail" title={t('checkMail.title')}>
          <p className="form-note" role="status">
            {t('checkMail.reset', { email: view.to })}
          </p>
          {toSignIn}
        </Card>
      );
    case 'done':
      return (
        <Card testId="reset-done" title={t('resetPassword.done')}>
          <p className="form-note" role="status">
            {t('resetPassword.doneLead')}
          </p>
          <Link className="button button-primary" href="/" data-testid="to-sign-in">
            {t('signIn.toSignIn')}
          </Link>
        </Card>
      );
  }
}

function NewPassword(props: { token: string; onDone(): void; onInvalid(): void }) {
  const { t } = useTranslation();
  const { account } = useServices();
  const form = useForm(async (data) => {
    const newPassword = passwordOf(data);
    const faults = faultsIn({ newPassword });
    if (faults) return faults;
    const answer = await callAuth('/reset-password', { newPassword, token: props.token });
    if (!answer.ok && answer.code === 'INVALID_TOKEN') {
      props.onInvalid();
      return null;
    }
    if (answer.ok) {
      // Every device is signed out now, this one too.
      await account.recheck().catch(() => {});
      props.onDone();
    }
    return faultsOf(answer);
  });
  return (
    <AuthForm form={form} submit={t('resetPassword.submit')}>
      <PasswordField
        form={form}
        label={t('signIn.newPassword')}
        hint={t('signIn.passwordHint', { count: SHORTEST_PASSWORD })}
        autoComplete="new-password"
      />
    </AuthForm>
  );
}

function viewOfAddress(): View {
  const token = new URLSearchParams(location.search).get('token');
  return token === null ? { name: 'invalid' } : { name: 'form', token };
}
