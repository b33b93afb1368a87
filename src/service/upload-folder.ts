import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError } from '../domain/errors.ts';
import { closeAll } from './close-all.ts';
import type { ProcessInstance } from './process-instance.ts';

/** Where files lie that clients have sent, while they are read. */
export interface UploadFolder {
  /** A folder for one file, which nobody else may look into. */
  place(): Promise<UploadPlace>;
  /** Removes what is still there, each whatever becomes of the others. Throws what the first throws that stays. */
  close(): Promise<void>;
}

export interface UploadPlace {
  readonly path: string;
  /** Removes the folder with all that is in it. */
  remove(): Promise<void>;
}

const PREFIX = 'pondera-upload-';

/** Which instance a folder is of. */
const NAME = /^pondera-upload-(\d+\.[0-9a-f-]{36})-\w{6}$/;

/**
 * Opens a folder for uploads, and removes there what processes have left that were killed.
 *
 * Throws `request_invalid` where it takes no files.
 */
export async function openUploadFolder(
  parent: string,
  instance: Pick<ProcessInstance, 'id' | 'isAlive'>,
): Promise<UploadFolder> {
  const open = new Set<UploadPlace>();
  const place = async (): Promise<UploadPlace> => {
    // Made with the mode 0700.
    const path = await mkdtemp(join(parent, `${PREFIX}${instance.id}-`));
    const made = {
      path,
      remove: async () => {
        await rm(path, { recursive: true, force: true });
        open.delete(made);
      },
    };
    open.add(made);
    return made;
  };
  try {
    await removeLeftovers(parent, instance);
    await (await place()).remove();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new DomainError(
      'request_invalid',
      `${parent} takes no files (${code}): expected a folder that may be written to (--upload-folder)`,
    );
  }
  return {
    place,
    async close() {
      await closeAll([...open].map((left) => () => left.remove()));
    },
  };
}

/** Only folders of this user: others may use the same names. */
async function removeLeftovers(
  parent: string,
  { id, isAlive }: Pick<ProcessInstance, 'id' | 'isAlive'>,
): Promise<void> {
  for (const name of await readdir(parent)) {
    const owner = NAME.exec(name)?.[1];
    if (owner === undefined || owner === id || isAlive(owner)) continue;
    const path = join(parent, name);
    const found = await lstat(path).catch(ignoreMissing);
    if (found?.isDirectory() !== true || found.uid !== process.getuid?.()) continue;
    await rm(path, { recursive: true, force: true });
  }
}

/** Another service may be removing it too. */
function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
