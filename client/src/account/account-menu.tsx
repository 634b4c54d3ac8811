import { useState } from 'react';
import { ConfirmDialog } from '../confirm-dialog.tsx';
import type { StartQuery } from '../gql/graphql.ts';
import { KeyIcon, LeaveIcon, UpDownIcon, UserIcon } from '../icons.tsx';
import { nameIn } from '../name-in.ts';
import { Link } from '../router/link.tsx';
import { useServices } from '../services/services.ts';
import { useStore } from '../services/use-store.ts';
import { texts } from '../texts.ts';
import './account-menu.css';
import { useDisclosure } from './use-disclosure.ts';

/** The menu of the signed-in user; not shown by a server that requires no sign-in. */
export function AccountMenu({ viewer }: { viewer: StartQuery['viewer'] }) {
  const { account, kept, toasts } = useServices();
  const { ways } = useStore(account);
  const { isOpen, toggle, close, ref } = useDisclosure();
  const [isLeaving, setLeaving] = useState(false);
  const mode = ways?.mode ?? 'none';
  if (mode === 'none') return null;

  // People who sign up have a name.
  const isGuest = mode === 'accounts' && !viewer.name;
  const name = viewer.name || (isGuest ? texts.account.guest : texts.account.token);
  const about = isGuest ? texts.account.guestNote : nameIn(texts.account.roles, viewer.role);
  const signOut = () =>
    account.signOut().then(
      () => kept.withdraw(),
      () => toasts.show(texts.account.signOutFailed),
    );

  return (
    <div ref={ref} className="account">
      {isOpen && (
        <div className="account-menu" data-open-menu data-testid="account-menu">
          <p>
            <strong>{name}</strong>
            {about && <span>{about}</span>}
          </p>
          {isGuest && (
            <button
              type="button"
              data-testid="join"
              onClick={() => {
                close();
                kept.leaveToNext(true);
                account.join(true);
              }}
            >
              <UserIcon /> {texts.account.join(ways?.signUp ?? false)}
            </button>
          )}
          <Link href="/tokens" data-testid="tokens-link" onClick={close}>
            <KeyIcon /> {texts.account.tokens}
          </Link>
          <button
            type="button"
            data-testid="sign-out"
            onClick={() => {
              close();
              if (isGuest) setLeaving(true);
              else void signOut();
            }}
          >
            <LeaveIcon /> {texts.account.signOut}
          </button>
        </div>
      )}
      <button
        type="button"
        className="account-button"
        data-testid="account-button"
        aria-label={texts.account.label(name)}
        aria-expanded={isOpen}
        onClick={toggle}
      >
        <UserIcon />
        <span>{name}</span>
        <UpDownIcon />
      </button>
      {isLeaving && (
        <ConfirmDialog
          {...texts.account.leaveGuest}
          testId="leave-guest"
          confirmTestId="confirm-leave"
          onConfirm={() => void signOut()}
          onClose={() => setLeaving(false)}
        />
      )}
    </div>
  );
}
