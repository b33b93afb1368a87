/** What SQLite finds wrong with a file, in words, by the beginning of its error code. */
export const SQLITE_PROBLEMS = {
  SQLITE_NOTADB: 'is not an SQLite database: expected a database of pondera or a new file',
  SQLITE_CORRUPT: 'is damaged: expected an intact database (restore a backup)',
  SQLITE_READONLY: 'is read-only: expected a writable database',
  SQLITE_CANTOPEN: 'cannot be opened: expected a file that can be read and written',
  SQLITE_FULL: 'cannot grow, the disk is full: expected free space',
  SQLITE_IOERR: 'cannot be read or written (input/output error): expected a working disk',
  SQLITE_BUSY: 'is locked by another process: expected it to be released',
} as const;

/** "pond": marks the file as ours, see SQLite's `PRAGMA application_id`. */
export const APPLICATION_ID = 0x706f6e64;

export const NOT_OURS = 'is an SQLite database, but not one of pondera: expected a new file';
