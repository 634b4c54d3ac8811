import { useQuery } from 'urql';
import { StartDocument } from '../gql/graphql.ts';
import { texts } from '../texts.ts';

/** Chooses a model, grouped by vendor. `value` null: the default. StartGate has loaded the models before this is shown. */
export function ModelPicker(props: { value: string | null; onChange(modelId: string): void }) {
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
      aria-label={texts.model.label}
      title={texts.model.label}
      value={value ?? models.find((it) => it.isDefault)?.id ?? ''}
      onChange={(event) => props.onChange(event.target.value)}
    >
      {retired && (
        <option value={retired} disabled>
          {texts.model.retired(retired)}
        </option>
      )}
      {vendors.map((vendor) => (
        <optgroup key={vendor} label={vendor}>
          {models
            .filter((it) => it.vendor === vendor)
            .map((model) => (
              <option key={model.id} value={model.id} disabled={!model.isAvailable}>
                {model.isAvailable ? model.name : texts.model.needsKey(model.name)}
              </option>
            ))}
        </optgroup>
      ))}
    </select>
  );
}
