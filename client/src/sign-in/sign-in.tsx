import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from '../language/language-context.tsx';
import { type Phrase, phrase } from '../language/phrase.ts';
import type { SignInWays } from '../session/sign-in-ways.ts';
import { Card } from './card.tsx';
import { returnedFault } from './faults.ts';
import { ForgotForm } from './forgot-form.tsx';
import { OtherWays } from './other-ways.tsx';
import { SignInForm } from './sign-in-form.tsx';
import { SignUpForm } from './sign-up-form.tsx';

type View = { name: 'signIn' | 'signUp' | 'forgot' } | { name: 'mail'; said: Phrase };

/** Why the user must sign in: `signedOut`: their session ended; `joining`: they are a guest who signs up. */
type Reason = 'new' | 'signedOut' | 'joining';

/** Where people sign in and sign up. `onCancel`: they need not. */
export function SignIn(props: { ways: SignInWays; reason: Reason; onCancel?(): void }) {
  const { t, say } = useTranslation();
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
      <Switch testId="to-sign-in" label={t('signIn.back')} onClick={() => setView({ name: 'signIn' })} />
    </Foot>
  );

  switch (view.name) {
    case 'signIn':
      return (
        <Card
          testId="sign-in"
          title={t(`signIn.heads.${reason}.title`)}
          lead={t(`signIn.heads.${reason}.lead`)}
          onCancel={props.onCancel}
        >
          {returned && (
            <p className={returned.isFault ? 'form-fault' : 'form-note'} role="status" data-testid="returned">
              {say(returned.said)}
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
              {t('signIn.noAccount')}{' '}
              <Switch
                testId="to-sign-up"
                label={t('signIn.toSignUp')}
                onClick={() => setView({ name: 'signUp' })}
              />
            </Foot>
          )}
        </Card>
      );
    case 'signUp':
      return (
        <Card
          testId="sign-up"
          title={t(`signUp.heads.${reason}.title`)}
          lead={t(`signUp.heads.${reason}.lead`)}
          onCancel={props.onCancel}
        >
          <SignUpForm
            address={address}
            onAddress={setAddress}
            onMail={(to) => setView({ name: 'mail', said: phrase('checkMail.confirm', { email: to }) })}
          />
          <OtherWays ways={{ ...ways, guests: false }} />
          <Foot>
            {t('signIn.hasAccount')}{' '}
            <Switch
              testId="to-sign-in"
              label={t('signIn.toSignIn')}
              onClick={() => setView({ name: 'signIn' })}
            />
          </Foot>
        </Card>
      );
    case 'forgot':
      return (
        <Card testId="forgot" title={t('forgot.title')} lead={t('forgot.lead')} onCancel={props.onCancel}>
          <ForgotForm
            address={address}
            onAddress={setAddress}
            onMail={(to) => setView({ name: 'mail', said: phrase('checkMail.reset', { email: to }) })}
          />
          {back}
        </Card>
      );
    case 'mail':
      return (
        <Card testId="check-mail" title={t('checkMail.title')} onCancel={props.onCancel}>
          <p className="form-note" role="status">
            {say(view.said)}
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
function readReturned(): { said: Phrase; isFault: boolean } | null {
  const query = new URLSearchParams(location.search);
  const error = query.get('error');
  if (error === null && query.get('confirmed') === null) return null;
  return error === null
    ? { said: phrase('signIn.confirmed'), isFault: false }
    : { said: returnedFault(error), isFault: true };
}
