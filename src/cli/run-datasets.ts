import { checkDatabaseFile } from '../../store/check-file.ts';
import type { Clock } from '../service/clock.ts';
import { allDatasets, forgetDataset } from '../service/datasets.ts';
import { type Column, textTable } from './text-table.ts';
import { withStore } from './with-store.ts';

/** Registers files under a name, and prints what they are. */
export async function runDatasetsAdd(
  db: string,
  name: string,
  files: readonly string[],
  clock: Clock,
): Promise<void> {
  const { describeDataset, registerDataset } = await import('../service/register-dataset.ts');
  // A database that cannot be used is told before long files are read, and a bad log leaves none behind.
  checkDatabaseFile(db);
  const described = await describeDataset(name, files, clock);
  await withStore(db, false, async (store) => {
    const { rows, columns, fingerprint, files: places } = await registerDataset(store, described);
    const size = places.length === 1 ? '1 file' : `${places.length} files`;
    process.stdout.write(
      `dataset "${name}": ${rows.toLocaleString('en')} rows, ${columns.length} columns, ${size}, SHA-256 ${fingerprint}\n`,
    );
  });
}

const COLUMNS: readonly Column[] = [
  { title: 'name', align: 'left' },
  { title: 'rows', align: 'right' },
  { title: 'requests', align: 'right' },
  { title: 'sha256', align: 'left' },
  { title: 'registered', align: 'left' },
  { title: 'files', align: 'left' },
];

const SHOWN_DIGITS = 12;

/** Prints a line for each dataset, by name. */
export async function runDatasetsList(db: string): Promise<void> {
  await withStore(db, true, async (store) => {
    const rows = (await allDatasets({ store })).map((dataset) => [
      dataset.name,
      dataset.rows.toLocaleString('en'),
      dataset.requests?.count.toLocaleString('en') ?? '',
      dataset.fingerprint.slice(0, SHOWN_DIGITS),
      dataset.createdAt,
      dataset.files.join(', '),
    ]);
    process.stdout.write(rows.length === 0 ? 'there is no dataset\n' : `${textTable(COLUMNS, rows)}\n`);
  });
}

/** Forgets a dataset by its name. */
export async function runDatasetsRemove(db: string, name: string): Promise<void> {
  await withStore(db, true, async (store) => {
    await forgetDataset({ store }, name);
    process.stderr.write(`dataset "${name}" is forgotten; its files stay\n`);
  });
}
