import { type FormEvent, type RefObject, useEffect, useRef, useState } from 'react';
import type { Phrases } from '../language/phrase.ts';

/** What is wrong with a form, by the names of its fields; `form`: with no field in particular. */
export type Faults = Readonly<Record<string, Phrases>>;

/** A form and what is wrong with it. */
export interface Form {
  ref: RefObject<HTMLFormElement | null>;
  busy: boolean;
  faults: Faults;
  onSubmit(event: FormEvent<HTMLFormElement>): void;
  /** Call when a field has changed: what was wrong with it may not be any more. */
  changed(field: string): void;
}

/** `submit` returns what is wrong, or null. The first field with a fault is then focused. */
export function useForm(submit: (data: FormData) => Promise<Faults | null>): Form {
  const ref = useRef<HTMLFormElement>(null);
  const [busy, setBusy] = useState(false);
  const [faults, setFaults] = useState<Faults>({});
  const [submits, setSubmits] = useState(0);

  // After each submit, not when a field changes.
  useEffect(() => {
    if (submits > 0) ref.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [submits]);

  const run = async (form: HTMLFormElement) => {
    setBusy(true);
    const found = await submit(new FormData(form));
    setBusy(false);
    setFaults(found ?? {});
    setSubmits((count) => count + 1);
  };
  return {
    ...{ ref, busy, faults },
    onSubmit(event) {
      event.preventDefault();
      if (!busy) void run(event.currentTarget);
    },
    changed: (field) => setFaults(({ [field]: _, ...others }) => others),
  };
}

/** What was entered in a field, without blanks around it. */
export function textOf(data: FormData, field: string): string {
  return passwordOf(data, field).trim();
}

/** What was entered in a field, as it is. */
export function passwordOf(data: FormData, field = 'password'): string {
  const value = data.get(field);
  return typeof value === 'string' ? value : '';
}
