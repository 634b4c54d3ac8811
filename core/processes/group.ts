/** What a process reports of itself. */
export interface ProcessState {
  /** Resolves while the process can do its work. Rejects with a NotReadyError that names the parts that cannot. */
  ready(): Promise<void>;
  /** Its metrics, in Prometheus' text format. */
  metrics(): Promise<string>;
}

/** What all processes of a group report together. */
export interface GroupState extends ProcessState {
  /** Resolves while every process answers. Rejects with a NotReadyError that names those that do not. */
  live(): Promise<void>;
}

/** The processes that share one port, this one among them: any of them may get a request about all of them. */
export interface ProcessGroup {
  /** That of this process, from 1. */
  readonly number: number;
  /** Labels of this process's metrics, which keep its series apart from those of the others. */
  readonly labels: Readonly<Record<string, string>>;
  /** Reports this state to the others from now on. Returns that of all. */
  join(own: ProcessState): GroupState;
}

/** A process without others. */
export const ALONE: ProcessGroup = {
  number: 1,
  labels: {},
  join: (own) => ({ ...own, live: async () => {} }),
};
