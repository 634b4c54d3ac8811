import { useState } from 'react';
import type { Faults } from '../form/use-form.ts';
import { useTranslation } from '../language/language-context.tsx';
import { phrase } from '../language/phrase.ts';
import { useServices } from '../services/services.ts';
import type { Provider, SignInWays } from '../session/sign-in-ways.ts';
import { callAuth } from './call-auth.ts';
import { faultsOf } from './faults.ts';
import { goOn } from './go-on.ts';

/** The ways to sign in that need no form: at a provider, or as a guest. */
export function OtherWays({ ways }: { ways: SignInWays }) {
  const { t, say } = useTranslation();
  const { account } = useServices();
  const [busy, setBusy] = useState(false);
  const [faults, setFaults] = useState<Faults | null>(null);
  const { providers, guests } = ways;
  if (providers.length === 0 && !guests) return null;

  const go = async (way: () => Promise<Faults | null>) => {
    if (busy) return;
    setBusy(true);
    setFaults(await way());
    setBusy(false);
  };
  return (
    <div className="other-ways">
      {ways.email && <p className="or">{t('signIn.or')}</p>}
      {providers.map((provider) => (
        <button
          key={provider.id}
          type="button"
          className="button"
          data-testid={`provider-${provider.id}`}
          aria-disabled={busy}
          onClick={() => void go(() => goTo(provider))}
        >
          {t('signIn.provider', { name: provider.name })}
        </button>
      ))}
      {guests && (
        <>
          <button
            type="button"
            className="button"
            data-testid="guest"
            aria-disabled={busy}
            onClick={() =>
              void go(async () => faultsOf(await callAuth('/sign-in/anonymous', {})) ?? goOn(account))
            }
          >
            {t('signIn.guest')}
          </button>
          <p className="field-hint">{t('signIn.guestHint')}</p>
        </>
      )}
      {faults && (
        <p className="form-fault" role="alert">
          {Object.values(faults).slice(0, 1).map(say)}
        </p>
      )}
    </div>
  );
}

/** Leaves this page for the provider's, which leads back to where the person is now. */
async function goTo({ id }: Provider): Promise<Faults | null> {
  const here = location.origin + location.pathname;
  const urls = { callbackURL: here, errorCallbackURL: here };
  const answer = await callAuth('/sign-in/social', { provider: id, ...urls });
  if (!answer.ok) return faultsOf(answer);
  if (typeof answer.body.url !== 'string') return { form: phrase('authFaults.unexpected') };
  location.assign(answer.body.url);
  return null;
}
