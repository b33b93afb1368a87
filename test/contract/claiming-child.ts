import { openStore } from '../../store/open.ts';
import { completeTrial } from '../../store/trials.ts';
import { NOW } from '../store/study-for-the-store.ts';
import { claimNext } from './store-contract.ts';

/** Claims and completes so many trials as one client, and prints their numbers. */
const [, , file, client, count] = process.argv;
const store = await openStore(file!);
const claimed: number[] = [];
for (let i = 0; i < Number(count); i++) {
  const number = await claimNext(store, Number(client));
  claimed.push(number);
  await completeTrial(store, 'one', number, { revenue: { mean: Number(client), sem: number } }, NOW);
}
await store.destroy();
process.stdout.write(JSON.stringify(claimed));
