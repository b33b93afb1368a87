/** This run of this process among all that work on the database. */
export interface ProcessInstance {
  readonly id: string;
  /** Whether the process of another instance may still work. */
  readonly isAlive: (id: string) => boolean;
  /** What this instance works on now. */
  readonly working: Set<string>;
}
