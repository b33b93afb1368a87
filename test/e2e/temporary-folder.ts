import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder that a test works in. */
export interface TemporaryFolder {
  readonly path: string;
  file(name: string): string;
  write(name: string, content: string | Uint8Array): string;
  /** Every file with its bytes, to see that nothing was written. */
  contents(): Readonly<Record<string, string>>;
  /** Does nothing where there is no such file. */
  removeFile(name: string): void;
  remove(): void;
}

export function temporaryFolder(): TemporaryFolder {
  const path = mkdtempSync(join(tmpdir(), 'pondera-test-'));
  const file = (name: string): string => join(path, name);
  return {
    path,
    file,
    write(name, content) {
      writeFileSync(file(name), content);
      return file(name);
    },
    contents: () =>
      Object.fromEntries(
        readdirSync(path, { withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map(({ name }) => [name, readFileSync(file(name), 'base64')]),
      ),
    removeFile: (name) => rmSync(file(name), { force: true }),
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}
