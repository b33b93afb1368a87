/** What SQLite takes for a database that ends with its connection. */
const IN_MEMORY = ':memory:';

/** Characters that no shell gives a meaning. */
const PLAIN = /^[\w@%+=:,./-]+$/;

/** Whether nothing of the trials is left when the command ends. */
export function isInMemory(databaseFile: string): boolean {
  return databaseFile === IN_MEMORY;
}

/** Where the trials of a sweep are, and the commands that go on with them, as they can be pasted into a shell. */
export function nextSteps(study: string, databaseFile: string): string {
  if (isInMemory(databaseFile)) {
    return 'The trials were kept in memory and end with this command: with a file (--db FILE) it could go on from here.';
  }
  const db = shellWord(databaseFile);
  return [
    `Stored in ${databaseFile}. The same command with more trials (--trials) goes on from here.`,
    `How well its models foretell the trials: npx pondera model ${study} --db ${db}`,
    `Next: npx pondera serve --db ${db}, then open http://127.0.0.1:8350/v1/studies/${study}:report`,
  ].join('\n');
}

function shellWord(text: string): string {
  return PLAIN.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
