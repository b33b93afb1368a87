import { join } from 'node:path';
import { openStore } from '../../store/open.ts';

/** Makes one database after another in the folder, until it is killed. */
const folder = process.argv[2]!;
for (let i = 0; i < 10_000; i++) {
  const store = await openStore(join(folder, `${i}.db`));
  await store.destroy();
  if (i === 0) process.stdout.write('began\n');
}
