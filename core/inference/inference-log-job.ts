import type { JobDefinition } from '../queue/jobs.ts';
import { type InferenceRecord, inferenceRecord } from './inference-record.ts';

/** Stores the record of one call to a model. The job's id is the record's. */
export const inferenceLogJob: JobDefinition<InferenceRecord> = {
  queue: 'inference-logs',
  schema: inferenceRecord,
  id: ({ id }) => id,
  tries: { attempts: 3, waitMs: 1_000 },
};
