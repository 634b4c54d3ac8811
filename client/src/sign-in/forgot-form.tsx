import { AddressField } from '../form/field.tsx';
import { Submit } from '../form/submit.tsx';
import { useFocus } from '../form/use-focus.ts';
import { textOf, useForm } from '../form/use-form.ts';
import { texts } from '../texts.ts';
import { callAuth } from './call-auth.ts';
import { faultsIn, faultsOf } from './faults.ts';

/** Asks for a mail with a link to choose a new password. The server does not say whether there is such an account. */
export function ForgotForm(props: {
  address: string;
  onAddress(address: string): void;
  onMail(address: string): void;
}) {
  const form = useForm(async (data) => {
    const email = textOf(data, 'email');
    const faults = faultsIn({ email });
    if (faults) return faults;
    const answer = await callAuth('/request-password-reset', { email, redirectTo: '/reset-password' });
    if (answer.ok) props.onMail(email);
    return faultsOf(answer);
  });
  useFocus(form.ref);
  return (
    <form ref={form.ref} className="sign-in-form" onSubmit={form.onSubmit} noValidate>
      <AddressField
        form={form}
        label={texts.signIn.email}
        address={props.address}
        onAddress={props.onAddress}
      />
      <Submit form={form} label={texts.forgot.submit} />
    </form>
  );
}
