import { hasApiKeys } from '../../store/api-keys.ts';
import type { Store } from '../../store/open.ts';

/** Longer than a read takes that waits for nothing. */
const LONGEST_WAIT_MS = 2000;

/** Whether the database answers a read in time. */
export async function databaseAnswers(store: Store): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), LONGEST_WAIT_MS);
  });
  const answered = hasApiKeys(store).then(
    () => true,
    () => false,
  );
  try {
    return await Promise.race([answered, late]);
  } finally {
    clearTimeout(timer);
  }
}
