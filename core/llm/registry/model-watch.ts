import { within } from '../../async/within.ts';
import type { Log } from '../../telemetry/log.ts';
import { ListFault } from '../model-list/list-fault.ts';
import type { ListSettings, ModelList } from '../model-list/read-list.ts';
import type { Endpoint } from '../provider/endpoint.ts';
import { describeList } from './describe-list.ts';
import { type Offer, type OfferSettings, providerOffer } from './offer.ts';

/** How often the list is read, in milliseconds. */
export const LIST_EVERY_MS = 600_000;
/** The first wait after a failed read, in milliseconds; doubled each time, up to {@link LIST_EVERY_MS}. */
export const RETRY_FROM_MS = 5_000;
/** An unknown model triggers a new read of the list if the last read is at least this old, in milliseconds. */
const SEEK_EVERY_MS = 2_000;
/** A model that was not found triggers the next read only after this time; and how many such models are remembered. */
const SEEK_AGAIN_MS = 60_000;
const MOST_MISSED = 1_000;
/** The longest wait for the list when a model is sought, in milliseconds. */
const SEEK_WITHIN_MS = 1_500;

export interface ModelWatchOptions {
  endpoint: Endpoint;
  settings: ListSettings & Pick<OfferSettings, 'defaultModel'>;
  read: (endpoint: Endpoint, settings: ListSettings, signal: AbortSignal) => Promise<ModelList>;
  log: Log;
  now?: () => number;
}

/** Reads a server's list of models periodically and keeps the last offer. */
export class ModelWatch {
  readonly #options: ModelWatchOptions;
  readonly #stopped = new AbortController();
  /** As configured, or with the base URL under which the list was found. */
  #endpoint: Endpoint;
  #offer: Offer;
  #reading: Promise<void> | null = null;
  #readAt = Number.NEGATIVE_INFINITY;
  /** The wait before the next try after a failure; 0 after a success. */
  #retryMs = 0;
  /** When each model that was not found was last sought, by id. */
  readonly #missed = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  /** The last log lines: the same lines are not logged again. */
  #logged = '';

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

  /** Starts reading the list periodically. Resolves when the first read has ended, successfully or not; never rejects. */
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

  /** Called by the timer. Only these tries double the wait: seeking a model does not delay the next one. */
  #again(): void {
    this.#retryMs = Math.min(this.#retryMs * 2, LIST_EVERY_MS);
    void this.#refresh();
  }

  /** Reads the list and updates the offer. Returns false if the list is empty. */
  async #take(): Promise<boolean> {
    const { read, settings } = this.#options;
    const list = await read(this.#options.endpoint, settings, this.#stopped.signal);
    this.#endpoint = list.endpoint;
    this.#offer = providerOffer(this.#offerSettings(), list.models, this.#offer.default);
    this.#logLines(describeList(list, this.#options.endpoint, this.#offer, settings.defaultModel));
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
    this.#logLines([{ level: 'warn', text: `no list of models: ${why}. Offered until then: ${offered}` }]);
    if (!(error instanceof ListFault))
      this.#options.log.error({ err: error }, 'reading the list of models failed');
    return false;
  }

  #logLines(lines: readonly { level: 'info' | 'warn'; text: string }[]): void {
    const all = lines.map(({ text }) => text).join('\n');
    if (all === this.#logged) return;
    this.#logged = all;
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
