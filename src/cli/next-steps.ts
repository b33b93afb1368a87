/** What SQLite takes for a database that ends with its connection. */
const IN_MEMORY = ':memory:';

/** Characters that no shell gives a meaning. */
const PLAIN = /^[\w@%+=:,./-]+$/;

/** Whether nothing of the trials is left when the command ends. */
export function isInMemory(databaseFile: string): boolean {
  return databaseFile === IN_MEMORY;
}

export interface StoredSweep {
  /** The database. */
  readonly file: string;
  /** What `pondera explain` takes to find the sweep, quoted for a shell; left out where there is nothing to explain. */
  readonly explain?: string;
  /** Whether the study says what experiments on live traffic are to find. */
  readonly isTested?: boolean;
}

/** The arguments of `pondera explain` for a sweep with these options. */
export function explainArguments(
  studyFile: string,
  { log, db, seed, holdout }: Readonly<{ log?: string; db: string; seed?: number; holdout?: number }>,
): string {
  const options = { log, db, seed, holdout };
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return [studyFile, ...given.flatMap(([name, value]) => [`--${name}`, String(value)])]
    .map(shellWord)
    .join(' ');
}

/** Where the trials of a sweep are, and the commands that go on with them, as they can be pasted into a shell. */
export function nextSteps(study: string, { file, explain, isTested = false }: StoredSweep): string {
  if (isInMemory(file)) {
    return 'The trials were kept in memory and end with this command: with a file (--db FILE) it could go on from here.';
  }
  const db = shellWord(file);
  return [
    `Stored in ${file}. The same command with more trials (--trials) goes on from here.`,
    ...(explain === undefined
      ? []
      : [`What those weights mean (--step 0.05 also rounds them): npx pondera explain ${explain}`]),
    `How well its models foretell the trials: npx pondera model ${study} --db ${db}`,
    ...(isTested
      ? [`What an experiment with them would show: npx pondera plan ${study} --per-day USERS --db ${db}`]
      : []),
    `Next: npx pondera serve --db ${db}, then open http://127.0.0.1:8350/v1/studies/${study}:report`,
  ].join('\n');
}

/** A word as a shell takes it. */
export function shellWord(text: string): string {
  return PLAIN.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
