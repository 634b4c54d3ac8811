import { useQuery } from 'urql';
import { StartDocument } from '../gql/graphql.ts';
import { texts } from '../texts.ts';

/** Chooses a model, by maker. `value` null: the default one. The models have been loaded before anything is shown (StartGate). */
export function ModelPicker(props: { value: string | null; onChange(modelId: string): void }) {
  const [{ data }] = useQuery({ query: StartDocument, requestPolicy: 'cache-first' });
  const models = data?.models ?? [];
  const vendors = [...new Set(models.map((it) => it.vendor))];
  const { value } = props;
  // What the list does not have the browser would show as its first: a choice that nobody made.
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
