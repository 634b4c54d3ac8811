import { useEffect, useId } from 'react';
import { useMutation } from 'urql';
import { Field } from '../form/field.tsx';
import { Submit } from '../form/submit.tsx';
import { type Faults, textOf, useForm } from '../form/use-form.ts';
import { CreateApiTokenDocument, type CreateApiTokenMutation, type Role } from '../gql/graphql.ts';
import { problemOf } from '../graphql/problem.ts';
import { useTranslation } from '../language/language-context.tsx';
import { phrase } from '../language/phrase.ts';
import { EXPIRIES, EXPIRY_DAYS, endOf } from './expiries.ts';
import { scopesOf } from './scopes.ts';

/** How long the name of a token may be, in characters, as in the contract. */
const LONGEST_NAME = 100;
const NAME_FAULT = phrase('tokens.faults.name', { least: 1, most: LONGEST_NAME });

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
  const { t, say } = useTranslation();
  const [, create] = useMutation(CreateApiTokenDocument);
  const id = useId();
  const form = useForm(async (data) => {
    const name = textOf(data, 'name');
    const scopes = scopesOf(role).filter((scope) => data.getAll('scopes').includes(scope));
    const faults = {
      ...(name === '' && { name: NAME_FAULT }),
      ...(scopes.length === 0 && { scopes: phrase('tokens.faults.scopes') }),
    };
    if (Object.keys(faults).length > 0) return faults;
    const expiresAt = endOf(textOf(data, 'expiry'), Date.now());
    const { data: result, error } = await create({ input: { name, scopes, expiresAt } });
    const payload = result?.createApiToken;
    if (!error && payload?.__typename === 'CreateApiTokenSuccess') {
      onCreated(payload.apiToken.name, payload.secret);
      return null;
    }
    return faultsOf(payload) ?? { form: problemOf(error, payload)?.said ?? phrase('problems.unexpected') };
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
      <h2 id={`${id}-title`}>{t('tokens.create')}</h2>
      <Field
        form={form}
        name="name"
        label={t('tokens.name')}
        hint={t('tokens.nameHint')}
        maxLength={LONGEST_NAME}
        autoComplete="off"
      />
      <fieldset aria-describedby={scopesFault && `${id}-scopes`}>
        <legend className="field-label">{t('tokens.scopes')}</legend>
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
              {t(`tokens.scopeNames.${scope}`)}
              <small>{t(`tokens.scopeHints.${scope}`)}</small>
            </span>
          </label>
        ))}
        {scopesFault && (
          <p id={`${id}-scopes`} className="field-fault" data-testid="fault-scopes">
            {say(scopesFault)}
          </p>
        )}
      </fieldset>
      <div className="field">
        <label htmlFor={`${id}-expiry`}>{t('tokens.expiry')}</label>
        <select id={`${id}-expiry`} name="expiry" data-testid="field-expiry">
          {EXPIRIES.map((expiry) => (
            <option key={expiry} value={expiry}>
              {expiry === 'year' || expiry === 'never'
                ? t(`tokens.expiries.${expiry}`)
                : t('tokens.expiries.days', { count: EXPIRY_DAYS[expiry] })}
            </option>
          ))}
        </select>
      </div>
      <Submit form={form} label={t('tokens.submit')} />
    </form>
  );
}

/** What the server found wrong with single fields. */
function faultsOf(payload: CreateApiTokenMutation['createApiToken'] | undefined): Faults | null {
  if (payload?.__typename !== 'InvalidInputError') return null;
  const fields = payload.fieldErrors.map(({ path }) => path.split('.')[0] ?? '');
  const known = {
    ...(fields.includes('name') && { name: NAME_FAULT }),
    ...(fields.includes('scopes') && { scopes: phrase('tokens.faults.scopes') }),
  };
  return Object.keys(known).length > 0 ? known : null;
}
