import { type ReactNode, useEffect, useLayoutEffect, useRef } from 'react';
import { navigate, routeOf } from '../router/router.ts';
import { useServices } from '../services/services.ts';
import { useStore } from '../services/use-store.ts';
import { PasteToken } from './paste-token.tsx';
import { SignIn } from './sign-in.tsx';

/**
 * Covers the page while the user is signed out. The page stays as it is below, out of reach, so that the same person goes on
 * where they were.
 */
export function SignInGate({ children }: { children: ReactNode }) {
  const { account, kept } = useServices();
  const { isSignedOut, hasOwner, isJoining, ways } = useStore(account);
  const isCovered = isSignedOut || isJoining;
  const isIn = !isSignedOut && (hasOwner || ways?.mode === 'none');
  useFocusAfter(isCovered);

  useEffect(() => {
    if (isIn && routeOf(location.pathname).name === 'signIn') navigate('/', { replace: true });
  }, [isIn]);

  return (
    <>
      <div className="under" inert={isCovered}>
        {children}
      </div>
      {isSignedOut && !isJoining && ways?.mode === 'accounts' && (
        <SignIn ways={ways} reason={hasOwner ? 'signedOut' : 'new'} />
      )}
      {/* Also when the guest's session ends, as it does once the server has made a person of them. */}
      {isJoining && ways && (
        <SignIn
          ways={{ ...ways, guests: false }}
          reason="joining"
          onCancel={() => {
            kept.leaveToNext(false);
            account.join(false);
          }}
        />
      )}
      {isSignedOut && ways?.mode === 'token' && <PasteToken />}
    </>
  );
}

/** Focuses what was focused before, as soon as it can be again. */
function useFocusAfter(isCovered: boolean): void {
  const focused = useRef<HTMLElement | null>(null);
  useLayoutEffect(() => {
    const { activeElement } = document;
    if (isCovered && activeElement instanceof HTMLElement) focused.current = activeElement;
  }, [isCovered]);
  useEffect(() => {
    if (isCovered) return;
    focused.current?.focus({ preventScroll: true });
    focused.current = null;
  }, [isCovered]);
}
