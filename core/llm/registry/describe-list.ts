import type { ListedModel } from '../model-list/listed-model.ts';
import type { ModelList } from '../model-list/read-list.ts';
import type { Endpoint } from '../provider/endpoint.ts';
import { isOfAnother, type Offer } from './offer.ts';

export interface Line {
  level: 'info' | 'warn';
  text: string;
}

/** The log lines for a list that was read: one line with the models, and one for each problem. */
export function describeList(
  { endpoint, models }: ModelList,
  asked: Endpoint,
  offer: Offer,
  defaultModel: string | undefined,
): Line[] {
  const lines: Line[] = [{ level: models.length > 0 ? 'info' : 'warn', text: found(models, offer) }];
  if (endpoint.baseURL !== asked.baseURL) lines.unshift(mended(endpoint, asked));
  const { id } = offer.default;
  const isListed = models.some(({ model }) => id === model.id || id === `openai/${model.id}`);
  if (defaultModel && isOfAnother(asked.provider, defaultModel)) lines.push(elsewhere(defaultModel, id));
  else if (defaultModel && models.length > 0 && !isListed) lines.push(unlisted(defaultModel));
  return lines;
}

/** How many models the line names. */
const NAMED = 12;

function found(models: readonly ListedModel[], offer: Offer): string {
  if (models.length === 0) return `the server lists no model for conversations; offered: ${offer.default.id}`;
  const named = models
    .slice(0, NAMED)
    .map(({ model, source }) => `${model.id} ${model.contextWindow} (${source})`);
  const more = models.length > NAMED ? ` and ${models.length - NAMED} more` : '';
  const count = models.length === 1 ? '1 model' : `${models.length} models`;
  return `${count}, with their context lengths: ${named.join(', ')}${more}. Default: ${offer.default.id}`;
}

function mended({ baseURL }: Endpoint, asked: Endpoint): Line {
  const text = `OPENAI_BASE_URL ${asked.baseURL} has no list of models at /models, but ${baseURL}/models has one, which is used; set OPENAI_BASE_URL=${baseURL}`;
  return { level: 'warn', text };
}

function elsewhere(id: string, byDefault: string): Line {
  const text = `DEFAULT_MODEL ${id} is not a model of OpenAI and needs OPENROUTER_API_KEY or its maker's server; the default is ${byDefault}`;
  return { level: 'warn', text };
}

function unlisted(id: string): Line {
  const text = `DEFAULT_MODEL ${id} is not in the server's list of models; it is offered and used anyway`;
  return { level: 'warn', text };
}
