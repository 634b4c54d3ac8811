import { useEffect, useState } from 'react';
import { PasswordField } from '../form/password-field.tsx';
import { passwordOf, useForm } from '../form/use-form.ts';
import { Link } from '../router/link.tsx';
import { useServices } from '../services/services.ts';
import { texts } from '../texts.ts';
import { AuthForm } from './auth-form.tsx';
import { callAuth } from './call-auth.ts';
import { Card } from './card.tsx';
import { faultsIn, faultsOf, SHORTEST_PASSWORD } from './faults.ts';
import { ForgotForm } from './forgot-form.tsx';

type View = { name: 'form'; token: string } | { name: 'invalid' | 'done' } | { name: 'mail'; to: string };

/** Where the link of a mail leads to: `/reset-password?token=...`, or `?error=...` when it is not valid any more. */
export function ResetPassword() {
  const [view, setView] = useState<View>(viewOfAddress);
  const [address, setAddress] = useState('');
  // So that the token is not seen, copied or kept in the history.
  useEffect(() => history.replaceState(history.state, '', location.pathname), []);
  const toSignIn = (
    <p className="sign-in-foot">
      <Link href="/">{view.name === 'done' ? texts.signIn.toSignIn : texts.signIn.back}</Link>
    </p>
  );
  switch (view.name) {
    case 'form':
      return (
        <Card testId="reset-password" title={texts.resetPassword.title} lead={texts.resetPassword.lead}>
          <NewPassword
            token={view.token}
            onDone={() => setView({ name: 'done' })}
            onInvalid={() => setView({ name: 'invalid' })}
          />
        </Card>
      );
    case 'invalid':
      return (
        <Card
          testId="reset-invalid"
          title={texts.resetPassword.invalid}
          lead={texts.resetPassword.invalidLead}
        >
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
        <Card testId="check-mail" title={texts.checkMail.title}>
          <p className="form-note" role="status">
            {texts.checkMail.reset(view.to)}
          </p>
          {toSignIn}
        </Card>
      );
    case 'done':
      return (
        <Card testId="reset-done" title={texts.resetPassword.done}>
          <p className="form-note" role="status">
            {texts.resetPassword.doneLead}
          </p>
          <Link className="button button-primary" href="/" data-testid="to-sign-in">
            {texts.signIn.toSignIn}
          </Link>
        </Card>
      );
  }
}

function NewPassword(props: { token: string; onDone(): void; onInvalid(): void }) {
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
    <AuthForm form={form} submit={texts.resetPassword.submit}>
      <PasswordField
        form={form}
        label={texts.signIn.newPassword}
        hint={texts.signIn.passwordHint(SHORTEST_PASSWORD)}
        autoComplete="new-password"
      />
    </AuthForm>
  );
}

function viewOfAddress(): View {
  const token = new URLSearchParams(location.search).get('token');
  return token === null ? { name: 'invalid' } : { name: 'form', token };
}
