import { useQuery } from 'urql';
import { StartDocument } from '../gql/graphql.ts';
import { useTranslation } from '../language/language-context.tsx';

/** Chooses a model, grouped by vendor. `value` null: the default. StartGate has loaded the models before this is shown. */
export function ModelPicker(props: { value: string | null; onChange(modelId: string): void }) {
  const { t } = useTranslation();
  const [{ data }] = useQuery({ query: StartDocument, requestPolicy: 'cache-first' });
  const models = data?.models ?? [];
  const vendors = [...new Set(models.map((it) => it.vendor))];
  const { value } = props;
  // For a value that is not in the list, the browser would show the first option, which is not the one in use.
  const retired = value !== null && !models.some((it) => it.id === value) ? value : null;
  return (
    <select
      className="select"
      data-testid="model-picker"
      aria-label={t('model.label')}
      title={t('model.label')}
      value={value ?? models.find((it) => it.isDefault)?.id ?? ''}
      onChange={(event) => props.onChange(event.target.value)}
    >
      {retired && (
        <option value={retired} disabled>
          {t('model.retired', { name: retired })}
        </option>
      )}
      {vendors.map((vendor) => (
        <optgroup key={vendor} label={vendor}>
          {models
            .filter((it) => it.vendor === vendor)
            .map((model) => (
              <option key={model.id} value={model.id} disabled={!model.isAvailable}>
                {model.isAvailable ? model.name : t('model.needsKey', { name: model.name })}
              </option>
            ))}
        </optgroup>
      ))}
    </select>
  );
}
