import type { ExecutionResult } from 'graphql';

/** Data that was written as JSON already. */
export class WrittenData {
  [name: string]: unknown;
  readonly json: string;

  constructor(json: string) {
    this.json = json;
  }
}

/** A result without errors. */
export interface WrittenResult extends ExecutionResult {
  data: WrittenData;
}
