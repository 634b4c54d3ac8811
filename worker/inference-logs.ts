import type { Redact, Redaction } from '@taskflow/redaction';
import { type InferenceRecord, PREVIEW_LENGTH } from '../core/inference/inference-record.ts';
import type { JobContext } from '../core/queue/job-consumer.ts';
import type { InferenceLogs } from '../core/store/inference-logs.ts';
import type { Log } from '../core/telemetry/log.ts';
import { storable } from '../core/text/storable.ts';
import { untilAvailable } from './available.ts';

export interface InferenceStoreOptions {
  /** Stores a redacted record; idempotent. */
  logs: Pick<InferenceLogs, 'add'>;
  redact: Redact;
  log: Log;
  /** Called with what was redacted from each text, for a metric. */
  onRedacted: (findings: Redaction['findings']) => void;
}

/** Redacts and stores the records of calls to models. */
export class InferenceStore {
  readonly #options: InferenceStoreOptions;

  constructor(options: InferenceStoreOptions) {
    this.#options = options;
  }

  /**
   * Stores a record. Idempotent. Waits while the database is unavailable, so that an outage uses up no attempts. A record that
   * cannot be stored is replaced in its job by the redacted one.
   */
  async run(
    record: InferenceRecord,
    { signal, replace }: Pick<JobContext<InferenceRecord>, 'signal' | 'replace'>,
  ): Promise<void> {
    const redacted = this.#redacted(record);
    try {
      await untilAvailable(() => this.#options.logs.add(redacted), signal);
      const { id, model, status } = record;
      this.#options.log.debug({ id, model, status }, 'record of a call to a model stored');
    } catch (error) {
      await replace(redacted);
      throw error;
    }
  }

  #redacted(record: InferenceRecord): InferenceRecord {
    const { errorMessage, input, output } = record;
    return {
      ...record,
      errorMessage: this.#preview(errorMessage),
      input: this.#preview(input),
      output: this.#preview(output),
    };
  }

  /** Cut after the redaction of the whole text: a finding that is cut first might not be recognised. */
  #preview(text: string | null): string | null {
    if (text === null) return null;
    const redaction = this.#options.redact(text);
    this.#options.onRedacted(redaction.findings);
    return storable(redaction.text.slice(0, PREVIEW_LENGTH));
  }
}
