/** An identifier of SQL, whatever characters it holds. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A string of SQL, whatever characters it holds. */
export function quoteString(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A path that DuckDB takes for one file and not for a pattern. */
export function quotePath(path: string): string {
  return quoteString(escapePattern(path));
}

/** A pattern that matches this path alone. */
export function escapePattern(path: string): string {
  return path.replaceAll(/[*?[]/g, '[$&]');
}
