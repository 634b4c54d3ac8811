import { type ReactNode, useEffect, useState } from 'react';
import type { SignInWays } from '../session/sign-in-ways.ts';
import { texts } from '../texts.ts';
import { Card } from './card.tsx';
import { returnedFault } from './faults.ts';
import { ForgotForm } from './forgot-form.tsx';
import { OtherWays } from './other-ways.tsx';
import { SignInForm } from './sign-in-form.tsx';
import { SignUpForm } from './sign-up-form.tsx';

type View = { name: 'signIn' | 'signUp' | 'forgot' } | { name: 'mail'; text: string };

/** Why the user must sign in: `signedOut`: their session ended; `joining`: they are a guest who signs up. */
type Reason = 'new' | 'signedOut' | 'joining';

/** Where people sign in and sign up. `onCancel`: they need not. */
export function SignIn(props: { ways: SignInWays; reason: Reason; onCancel?(): void }) {
  const { ways, reason } = props;
  const [view, setView] = useState<View>({
    name: reason === 'joining' && ways.signUp ? 'signUp' : 'signIn',
  });
  const [address, setAddress] = useState('');
  const [returned] = useState(readReturned);
  useEffect(() => {
    if (returned) history.replaceState(history.state, '', location.pathname);
  }, [returned]);
  const back = (
    <Foot>
      <Switch testId="to-sign-in" label={texts.signIn.back} onClick={() => setView({ name: 'signIn' })} />
    </Foot>
  );

  switch (view.name) {
    case 'signIn':
      return (
        <Card testId="sign-in" {...texts.signIn.heads[reason]} onCancel={props.onCancel}>
          {returned && (
            <p className={returned.isFault ? 'form-fault' : 'form-note'} role="status" data-testid="returned">
              {returned.text}
            </p>
          )}
          {ways.email && (
            <SignInForm
              address={address}
              onAddress={setAddress}
              onForgot={() => setView({ name: 'forgot' })}
            />
          )}
          <OtherWays ways={ways} />
          {ways.email && ways.signUp && (
            <Foot>
              {texts.signIn.noAccount}{' '}
              <Switch
                testId="to-sign-up"
                label={texts.signIn.toSignUp}
                onClick={() => setView({ name: 'signUp' })}
              />
            </Foot>
          )}
        </Card>
      );
    case 'signUp':
      return (
        <Card testId="sign-up" {...texts.signUp.heads[reason]} onCancel={props.onCancel}>
          <SignUpForm
            address={address}
            onAddress={setAddress}
            onMail={(to) => setView({ name: 'mail', text: texts.checkMail.confirm(to) })}
          />
          <OtherWays ways={{ ...ways, guests: false }} />
          <Foot>
            {texts.signIn.hasAccount}{' '}
            <Switch
              testId="to-sign-in"
              label={texts.signIn.toSignIn}
              onClick={() => setView({ name: 'signIn' })}
            />
          </Foot>
        </Card>
      );
    case 'forgot':
      return (
        <Card testId="forgot" title={texts.forgot.title} lead={texts.forgot.lead} onCancel={props.onCancel}>
          <ForgotForm
            address={address}
            onAddress={setAddress}
            onMail={(to) => setView({ name: 'mail', text: texts.checkMail.reset(to) })}
          />
          {back}
        </Card>
      );
    case 'mail':
      return (
        <Card testId="check-mail" title={texts.checkMail.title} onCancel={props.onCancel}>
          <p className="form-note" role="status">
            {view.text}
          </p>
          {back}
        </Card>
      );
  }
}

function Foot({ children }: { children: ReactNode }) {
  return <p className="sign-in-foot">{children}</p>;
}

function Switch(props: { testId: string; label: string; onClick(): void }) {
  return (
    <button type="button" className="text-button" data-testid={props.testId} onClick={props.onClick}>
      {props.label}
    </button>
  );
}

/** What a provider or the link of a mail has come back with, in the address of the page. */
function readReturned(): { text: string; isFault: boolean } | null {
  const query = new URLSearchParams(location.search);
  const error = query.get('error');
  if (error === null && query.get('confirmed') === null) return null;
  return error === null
    ? { text: texts.signIn.confirmed, isFault: false }
    : { text: returnedFault(error), isFault: true };
}
