import { type InputHTMLAttributes, useId } from 'react';
import { useTranslation } from '../language/language-context.tsx';
import './form.css';
import type { Form } from './use-form.ts';

interface FieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'form'> {
  form: Form;
  name: string;
  label: string;
  hint?: string;
}

/** A labelled field of a form, with a hint, or what is wrong with it, below. */
export function Field({ form, name, label, hint, ...input }: FieldProps) {
  const id = useId();
  const { say } = useTranslation();
  const fault = form.faults[name];
  const note = fault ? say(fault) : hint;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        {...input}
        id={id}
        name={name}
        data-testid={`field-${name}`}
        aria-invalid={fault !== undefined}
        aria-describedby={note && `${id}-note`}
        onInput={() => form.changed(name)}
      />
      {note && (
        <p
          id={`${id}-note`}
          className={fault ? 'field-fault' : 'field-hint'}
          data-testid={fault && `fault-${name}`}
        >
          {note}
        </p>
      )}
    </div>
  );
}

/** For an e-mail address, by which password managers know the account. `onAddress`: when it has been entered. */
export function AddressField(props: {
  form: Form;
  label: string;
  address: string;
  onAddress(address: string): void;
}) {
  const { form, label } = props;
  return (
    <Field
      {...{ form, label }}
      name="email"
      type="email"
      dir="ltr"
      autoComplete="username"
      autoCapitalize="none"
      spellCheck={false}
      defaultValue={props.address}
      onBlur={({ target }) => props.onAddress(target.value)}
    />
  );
}
