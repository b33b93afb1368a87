import { openStore } from '../../store/open.ts';
import { listStudies } from '../../store/studies.ts';

/** Opens a database, reads it, and does not close it. */
const store = await openStore(process.argv[2]!);
process.stdout.write(`${(await listStudies(store)).length} studies\n`);
