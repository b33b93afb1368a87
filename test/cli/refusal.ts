/** A command line that must be refused, in a folder of its own with `study.yaml` and `log.csv`. */
export interface Refusal {
  readonly why: string;
  readonly files: Readonly<Record<string, string>>;
  readonly args: readonly string[];
  /** All of stderr but the last line break. */
  readonly stderr: string;
}
