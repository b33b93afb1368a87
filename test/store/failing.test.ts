import { sql } from 'kysely';
import { expect } from 'chai';
import { DomainError } from '../../src/domain/errors.ts';
import { inTransaction, openStore, type Store } from '../../store/open.ts';
import { insertStudy, listStudies } from '../../store/studies.ts';
import { insertTrials, listTrials } from '../../store/trials.ts';
import { type TemporaryFolder, temporaryFolder } from '../e2e/temporary-folder.ts';
import { NOW, study, trial } from './study-for-the-store.ts';

async function refusalOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.catch((reason: unknown) => reason);
  expect(error).to.be.instanceOf(DomainError).with.property('code', 'database_invalid');
  return (error as DomainError).message;
}

describe('a store that fails while it is open', () => {
  let folder: TemporaryFolder;
  let store: Store;
  beforeEach(async () => {
    folder = temporaryFolder();
    store = await openStore(folder.file('a.db'));
    await insertStudy(store, { definition: study('one'), logFingerprint: null, createdAt: NOW });
  });
  afterEach(async () => {
    await store.destroy();
    folder.remove();
  });

  it('says that it cannot grow where the disk is full, keeps what it had, and goes on when there is room', async () => {
    const pages = await sql<{ page_count: number }>`pragma page_count`.execute(store);
    await sql`pragma max_page_count = ${sql.lit(pages.rows[0]!.page_count)}`.execute(store);
    const many = Array.from({ length: 200 }, (_, i) => trial(i + 1));
    const inserted = inTransaction(store, (transaction) => insertTrials(transaction, 'one', many, NOW));
    expect(await refusalOf(inserted)).to.equal(
      'the database cannot grow, the disk is full: expected free space',
    );
    expect(await listTrials(store, 'one')).to.deep.equal([]);
    await sql`pragma max_page_count = 1000000`.execute(store);
    expect(await insertTrials(store, 'one', many, NOW)).to.equal(200);
  });

  it('says that it is read-only', async () => {
    await sql`pragma query_only = 1`.execute(store);
    expect(await refusalOf(insertTrials(store, 'one', [trial(1)], NOW))).to.equal(
      'the database is read-only: expected a writable database',
    );
    expect(await listStudies(store)).to.have.length(1);
  });

  it('leaves errors of the program as they are', async () => {
    const error: unknown = await sql`select * from nowhere`.execute(store).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(Error).and.not.instanceOf(DomainError);
  });
});
