import { useState } from 'react';
import { ConfirmDialog } from '../confirm-dialog.tsx';
import type { StartQuery } from '../gql/graphql.ts';
import { KeyIcon, LeaveIcon, UpDownIcon, UserIcon } from '../icons.tsx';
import { useTranslation } from '../language/language-context.tsx';
import { phrase } from '../language/phrase.ts';
import { useDisclosure } from '../menu/use-disclosure.ts';
import { nameIn } from '../name-in.ts';
import { Link } from '../router/link.tsx';
import { useServices } from '../services/services.ts';
import { useStore } from '../services/use-store.ts';
import '../menu/menu.css';
import './account-menu.css';

const ROLES = {
  ADMIN: 'account.roles.ADMIN',
  OPERATOR: 'account.roles.OPERATOR',
  SERVICE: 'account.roles.SERVICE',
} as const;

/** The menu of the signed-in user; not shown by a server that requires no sign-in. */
export function AccountMenu({ viewer }: { viewer: StartQuery['viewer'] }) {
  const { t } = useTranslation();
  const { account, kept, toasts } = useServices();
  const { ways } = useStore(account);
  const { isOpen, toggle, close, ref } = useDisclosure();
  const [isLeaving, setLeaving] = useState(false);
  const mode = ways?.mode ?? 'none';
  if (mode === 'none') return null;

  // People who sign up have a name.
  const isGuest = mode === 'accounts' && !viewer.name;
  const name = viewer.name || (isGuest ? t('account.guest') : t('account.token'));
  const about = isGuest ? 'account.guestNote' : nameIn(ROLES, viewer.role);
  const signOut = () =>
    account.signOut().then(
      () => kept.withdraw(),
      () => toasts.show(phrase('account.signOutFailed')),
    );

  return (
    <div ref={ref} className="account">
      {isOpen && (
        <div className="menu account-menu" data-open-menu data-testid="account-menu">
          <p>
            <strong>{name}</strong>
            {about && <span>{t(about)}</span>}
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
              <UserIcon /> {t(ways?.signUp ? 'account.create' : 'account.signIn')}
            </button>
          )}
          <Link href="/tokens" data-testid="tokens-link" onClick={close}>
            <KeyIcon /> {t('account.tokens')}
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
            <LeaveIcon /> {t('account.signOut')}
          </button>
        </div>
      )}
      <button
        type="button"
        className="account-button"
        data-testid="account-button"
        aria-label={t('account.label', { name })}
        aria-expanded={isOpen}
        onClick={toggle}
      >
        <UserIcon />
        <span>{name}</span>
        <UpDownIcon />
      </button>
      {isLeaving && (
        <ConfirmDialog
          title={t('account.leaveGuest.title')}
          body={t('account.leaveGuest.body')}
          confirm={t('account.leaveGuest.confirm')}
          cancel={t('account.leaveGuest.cancel')}
          testId="leave-guest"
          confirmTestId="confirm-leave"
          onConfirm={() => void signOut()}
          onClose={() => setLeaving(false)}
        />
      )}
    </div>
  );
}
