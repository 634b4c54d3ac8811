import type { ReactNode } from 'react';
import { Submit } from '../form/submit.tsx';
import { useFocus } from '../form/use-focus.ts';
import type { Form } from '../form/use-form.ts';

/** A form of the sign-in views: its fields, then its button. The first empty field is focused. */
export function AuthForm({ form, submit, children }: { form: Form; submit: string; children: ReactNode }) {
  useFocus(form.ref);
  return (
    <form ref={form.ref} className="sign-in-form" onSubmit={form.onSubmit} noValidate>
      {children}
      <Submit form={form} label={submit} />
    </form>
  );
}
