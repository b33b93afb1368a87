import { Command } from 'commander';

export type Figures = Readonly<Record<string, number>>;

/** What `--help` says of a benchmark. */
export interface BenchCommand {
  readonly name: string;
  readonly description: string;
  /** What `--quick` does, and about how long it then takes. */
  readonly quick: string;
}

export interface BenchOptions {
  /** A short run: fewer repetitions, smaller sizes. */
  readonly quick: boolean;
  /** Tells the reader what is going on; says nothing under --json. */
  readonly say: (line: string) => void;
  /** Tells on standard error, also under --json, of what is left out. */
  readonly warn: (line: string) => void;
}

/**
 * Runs a benchmark as a command with `--quick` and `--json`, and any options of its own.
 *
 * A target, the most or the least that a figure should be, is printed beside it. Under --json the last line printed is one JSON object `{"bench": …, "figures": {name: number}}`.
 */
export async function runBench<Options extends object>(
  { name, description, quick }: BenchCommand,
  measure: (options: BenchOptions & Options) => Promise<Figures>,
  declare: (command: Command) => Command = (command) => command,
  targets: Figures = {},
  leastTargets: Figures = {},
): Promise<void> {
  const command = declare(
    new Command(`bench:${name}`)
      .description(description)
      .option('--quick', quick, false)
      .option('--json', 'print the figures as one JSON line', false),
  ).parse();
  const options = command.opts<Options & { quick: boolean; json: boolean }>();
  const say = (line: string): void => {
    if (!options.json) process.stdout.write(`${line}\n`);
  };
  const warn = (line: string): void => void process.stderr.write(`bench:${name}: ${line}\n`);
  const figures = await measure({ ...options, say, warn });
  const width = Math.max(24, ...Object.keys(figures).map(({ length }) => length));
  for (const [figure, value] of Object.entries(figures)) {
    const [most, least] = [targets[figure], leastTargets[figure]];
    const atMost = most === undefined ? '' : ` (target: at most ${most})`;
    const beside = least === undefined ? atMost : ` (target: at least ${least})`;
    say(`${figure.padEnd(width)} ${value}${beside}`);
  }
  if (options.json) process.stdout.write(`${JSON.stringify({ bench: name, figures })}\n`);
}
