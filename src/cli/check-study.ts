import type { Store } from '../../store/open.ts';
import { findStudy, listStudies } from '../../store/studies.ts';
import { DomainError } from '../domain/errors.ts';

/** Names of studies that are told where another was asked for. */
const MOST_NAMES = 10;

/** Throws `study_not_found`, naming the studies that there are. */
export async function checkStudy(store: Store, study: string): Promise<void> {
  if ((await findStudy(store, study)) !== undefined) return;
  const names = (await listStudies(store)).map(({ definition }) => definition.name);
  const shown = [...names.slice(0, MOST_NAMES), ...(names.length > MOST_NAMES ? ['…'] : [])];
  const expected = names.length === 0 ? 'there is none yet' : `expected one of ${shown.join(', ')}`;
  throw new DomainError('study_not_found', `no study is named "${study}": ${expected}`);
}
