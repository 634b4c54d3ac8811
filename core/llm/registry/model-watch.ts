import { within } from '../../async/within.ts';
import type { Log } from '../../telemetry/log.ts';
import { ListFault } from '../model-list/list-fault.ts';
import type { ListSettings, ModelList } from '../model-list/read-list.ts';
import type { Endpoint } from '../provider/endpoint.ts';
import { describeList } from './describe-list.ts';
import { type Offer, type OfferSettings, providerOffer } from './offer.ts';

/** How often the list is read, in milliseconds. */
export const LIST_EVERY_MS = 600_000;
/** After how long it is tried again where it could not be read; doubled each time, up to {@link LIST_EVERY_MS}. */
export const RETRY_FROM_MS = 5_000;
/** How long after a reading, in milliseconds, an unknown model has the list read again. */
const SEEK_EVERY_MS = 2_000;
/** How long after that the same model does, where it was not found; and how many such models are remembered. */
const SEEK_AGAIN_MS = 60_000;
const MOST_MISSED = 1_000;
/** How long who seeks a model waits for the list, in milliseconds. */
const SEEK_WITHIN_MS = 1_500;

export interface ModelWatchOptions {
  endpoint: Endpoint;
  settings: ListSettings & Pick<OfferSettings, 'defaultModel'>;
  read: (endpoint: Endpoint, settings: ListSettings, signal: AbortSignal) => Promise<ModelList>;
  log: Log;
  now?: () => number;
}

/** Reads a server's list of models from time to time, and knows what it offers in between. */
export class ModelWatch {
  readonly #options: ModelWatchOptions;
  readonly #stopped = new AbortController();
  /** As it was given, or with the base URL under which there is a list. */
  #endpoint: Endpoint;
  #offer: Offer;
  #reading: Promise<void> | null = null;
  #readAt = Number.NEGATIVE_INFINITY;
  /** Until the next try after a failure; 0 while none has failed. */
  #retryMs = 0;
  /** When models that were not found were sought, by id. */
  readonly #missed = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  /** What was said last: the same is not said again. */
  #said = '';

  constructor(options: ModelWatchOptions) {
    this.#options = options;
    this.#endpoint = options.endpoint;
    this.#offer = providerOffer(this.#offerSettings(), null);
  }

  get endpoint(): Endpoint {
    return this.#endpoint;
  }

  get offer(): Offer {
    return this.#offer;
  }

  /** Reads the list, now and from then on. Resolves when it was read, or could not be, the first time; never rejects. */
  start(): Promise<void> {
    return this.#refresh();
  }

  /** See {@link Models.seek}. */
  async seek(id: string): Promise<void> {
    const now = this.#now();
    const isFresh = now - this.#readAt < SEEK_EVERY_MS && !this.#reading;
    const wasMissed = now - (this.#missed.get(id) ?? Number.NEGATIVE_INFINITY) < SEEK_AGAIN_MS;
    if (this.#stopped.signal.aborted || isFresh || wasMissed) return;
    await within(SEEK_WITHIN_MS, this.#refresh()).catch(() => {});
    if (this.#missed.size >= MOST_MISSED) this.#missed.clear();
    if (!this.#offer.available.has(id)) this.#missed.set(id, now);
  }

  /** Idempotent. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#stopped.abort();
  }

  #refresh(): Promise<void> {
    this.#reading ??= this.#readOnce().finally(() => {
      this.#reading = null;
    });
    return this.#reading;
  }

  async #readOnce(): Promise<void> {
    clearTimeout(this.#timer);
    const worked = await this.#take().catch((error: unknown) => this.#failed(error));
    this.#readAt = this.#now();
    if (this.#stopped.signal.aborted) return;
    this.#retryMs = worked ? 0 : this.#retryMs || RETRY_FROM_MS;
    this.#timer = setTimeout(() => this.#again(), this.#retryMs || LIST_EVERY_MS);
    this.#timer.unref();
  }

  /** Only these tries count: seeking a model does not put off the next one. */
  #again(): void {
    this.#retryMs = Math.min(this.#retryMs * 2, LIST_EVERY_MS);
    void this.#refresh();
  }

  /** Whether there is anything to choose from. */
  async #take(): Promise<boolean> {
    const { read, settings } = this.#options;
    const list = await read(this.#options.endpoint, settings, this.#stopped.signal);
    this.#endpoint = list.endpoint;
    this.#offer = providerOffer(this.#offerSettings(), list.models, this.#offer.default);
    this.#say(describeList(list, this.#options.endpoint, this.#offer, settings.defaultModel));
    return list.models.length > 0;
  }

  #failed(error: unknown): false {
    if (this.#stopped.signal.aborted) return false;
    const { models } = this.#offer;
    const message = error instanceof ListFault ? error.message : 'the list could not be read';
    const why = this.#endpoint.fetch
      ? `${message} (a proxy is set; NO_PROXY names hosts to reach without it)`
      : message;
    const offered = models.length > 3 ? `${models.length} models` : models.map(({ id }) => id).join(', ');
    this.#say([{ level: 'warn', text: `no list of models: ${why}. Offered meanwhile: ${offered}` }]);
    if (!(error instanceof ListFault))
      this.#options.log.error({ err: error }, 'reading the list of models failed');
    return false;
  }

  #say(lines: readonly { level: 'info' | 'warn'; text: string }[]): void {
    const all = lines.map(({ text }) => text).join('\n');
    if (all === this.#said) return;
    this.#said = all;
    const { provider, baseURL } = this.#endpoint;
    for (const { level, text } of lines) this.#options.log[level]({ provider, url: baseURL }, text);
  }

  #offerSettings(): OfferSettings {
    const { endpoint, settings } = this.#options;
    return { ...settings, provider: endpoint.provider, host: new URL(endpoint.baseURL).host };
  }

  #now(): number {
    return (this.#options.now ?? Date.now)();
  }
}
