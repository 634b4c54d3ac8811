import { useEffect, useId } from 'react';
import { useMutation } from 'urql';
import { Field } from '../form/field.tsx';
import { Submit } from '../form/submit.tsx';
import { type Faults, textOf, useForm } from '../form/use-form.ts';
import { CreateApiTokenDocument, type CreateApiTokenMutation, type Role } from '../gql/graphql.ts';
import { problemOf } from '../graphql/problem.ts';
import { texts } from '../texts.ts';
import { EXPIRIES, endOf } from './expiries.ts';
import { scopesOf } from './scopes.ts';

/** A form for a new token. `onCreated` gets its secret, which cannot be shown again. */
export function CreateToken({
  role,
  isAgain,
  onCreated,
}: {
  role: Role;
  /** After another one was created: the form is focused. */
  isAgain: boolean;
  onCreated(name: string, secret: string): void;
}) {
  const [, create] = useMutation(CreateApiTokenDocument);
  const id = useId();
  const form = useForm(async (data) => {
    const name = textOf(data, 'name');
    const scopes = scopesOf(role).filter((scope) => data.getAll('scopes').includes(scope));
    const faults = {
      ...(name === '' && { name: texts.tokens.faults.name }),
      ...(scopes.length === 0 && { scopes: texts.tokens.faults.scopes }),
    };
    if (Object.keys(faults).length > 0) return faults;
    const expiresAt = endOf(textOf(data, 'expiry'), Date.now());
    const { data: result, error } = await create({ input: { name, scopes, expiresAt } });
    const payload = result?.createApiToken;
    if (!error && payload?.__typename === 'CreateApiTokenSuccess') {
      onCreated(payload.apiToken.name, payload.secret);
      return null;
    }
    return faultsOf(payload) ?? { form: problemOf(error, payload)?.text ?? texts.problems.unexpected };
  });
  useEffect(() => {
    if (isAgain) form.ref.current?.querySelector('input')?.focus();
  }, [isAgain, form.ref]);
  const scopesFault = form.faults.scopes;

  return (
    <form
      ref={form.ref}
      className="tokens-form"
      onSubmit={form.onSubmit}
      noValidate
      aria-labelledby={`${id}-title`}
      data-testid="create-token"
    >
      <h2 id={`${id}-title`}>{texts.tokens.create}</h2>
      <Field
        form={form}
        name="name"
        label={texts.tokens.name}
        hint={texts.tokens.nameHint}
        maxLength={100}
        autoComplete="off"
      />
      <fieldset aria-describedby={scopesFault && `${id}-scopes`}>
        <legend className="field-label">{texts.tokens.scopes}</legend>
        {scopesOf(role).map((scope, at) => (
          <label key={scope} className="tokens-scope">
            <input
              type="checkbox"
              name="scopes"
              value={scope}
              data-testid={`scope-${scope}`}
              aria-invalid={at === 0 && scopesFault !== undefined}
              onChange={() => form.changed('scopes')}
            />
            <span>
              {texts.tokens.scopeNames[scope]}
              <small>{texts.tokens.scopeHints[scope]}</small>
            </span>
          </label>
        ))}
        {scopesFault && (
          <p id={`${id}-scopes`} className="field-fault" data-testid="fault-scopes">
            {scopesFault}
          </p>
        )}
      </fieldset>
      <div className="field">
        <label htmlFor={`${id}-expiry`}>{texts.tokens.expiry}</label>
        <select id={`${id}-expiry`} name="expiry" data-testid="field-expiry">
          {EXPIRIES.map((expiry) => (
            <option key={expiry} value={expiry}>
              {texts.tokens.expiries[expiry]}
            </option>
          ))}
        </select>
      </div>
      <Submit form={form} label={texts.tokens.submit} />
    </form>
  );
}

/** What the server found wrong with single fields. */
function faultsOf(payload: CreateApiTokenMutation['createApiToken'] | undefined): Faults | null {
  if (payload?.__typename !== 'InvalidInputError') return null;
  const fields = payload.fieldErrors.map(({ path }) => path.split('.')[0] ?? '');
  const known = {
    ...(fields.includes('name') && { name: texts.tokens.faults.name }),
    ...(fields.includes('scopes') && { scopes: texts.tokens.faults.scopes }),
  };
  return Object.keys(known).length > 0 ? known : null;
}
