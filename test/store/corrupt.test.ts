import { copyFileSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { randomStream } from '../../math/random.ts';
import { DomainError } from '../../src/domain/errors.ts';
import { completeTrial, insertTrials, listTrials } from '../../store/trials.ts';
import { listEvents } from '../../store/events.ts';
import { checkIntegrity } from '../../store/integrity.ts';
import { openStore } from '../../store/open.ts';
import { insertStudy, listStudies } from '../../store/studies.ts';
import { type TemporaryFolder, temporaryFolder } from '../e2e/temporary-folder.ts';
import { NOW, study, trial } from './study-for-the-store.ts';

const HEADER_BYTES = 100;
const PAGE_BYTES = 4096;
const DAMAGES = 60;

/** What reading all of a database comes to: what it holds, or in one line what is wrong with it. */
async function readingOf(file: string): Promise<string> {
  try {
    const store = await openStore(file);
    try {
      const studies = await listStudies(store);
      const trials = [];
      for (const { definition } of studies) {
        trials.push(await listTrials(store, definition.name));
        await listEvents(store, definition.name, 0, 1000);
      }
      await insertTrials(store, 'one', [trial(900)], NOW);
      return `read ${trials.flat().length}`;
    } finally {
      await store.destroy();
    }
  } catch (error) {
    expect(error, String((error as Error).stack)).to.be.instanceOf(DomainError);
    const { code, line } = error as DomainError;
    expect(code).to.equal('database_invalid');
    expect(line).to.match(/^[^\n]+$/);
    return 'refused';
  }
}

describe('a database that is damaged', function () {
  this.timeout(120_000);
  let folder: TemporaryFolder;
  let whole: Buffer;
  before(async () => {
    folder = temporaryFolder();
    const store = await openStore(folder.file('whole.db'));
    await insertStudy(store, { definition: study('one'), logFingerprint: null, createdAt: NOW });
    const trials = Array.from({ length: 200 }, (_, i) => trial(i + 1));
    await insertTrials(store, 'one', trials, NOW);
    for (const { number } of trials)
      await completeTrial(store, 'one', number, { revenue: { mean: number, sem: null } }, NOW);
    await store.destroy();
    whole = readFileSync(folder.file('whole.db'));
    expect(whole.length).to.be.greaterThan(10 * PAGE_BYTES);
  });
  after(() => folder.remove());

  /** Reads a copy with these bytes changed. */
  async function readWith(change: (bytes: Buffer) => Buffer | void): Promise<string> {
    const bytes = Buffer.from(whole);
    const file = folder.write('damaged.db', change(bytes) ?? bytes);
    for (const beside of ['-wal', '-shm']) folder.removeFile(`damaged.db${beside}`);
    return readingOf(file);
  }

  it('in its header, by any of its bytes, is read as it is or refused in one line', async () => {
    const outcomes = new Set<string>();
    for (let at = 0; at < HEADER_BYTES; at += 3) {
      outcomes.add(await readWith((bytes) => void (bytes[at]! ^= 0xff)));
    }
    expect(outcomes).to.include('refused').and.to.include('read 200');
  });

  it('in its pages, by a byte or by a sector, is read or refused in one line', async () => {
    const random = randomStream(4, 'damage');
    let refused = 0;
    for (let i = 0; i < DAMAGES; i++) {
      const length = i % 2 === 0 ? 1 : 512;
      const start = HEADER_BYTES + random.integer(whole.length - HEADER_BYTES - length);
      const outcome = await readWith((bytes) => {
        for (let at = start; at < start + length; at++) bytes[at] = random.integer(256);
      });
      if (outcome === 'refused') refused++;
    }
    expect(refused).to.be.greaterThan(DAMAGES / 4);
  });

  it('by being cut is refused in one line, wherever it is cut', async () => {
    for (const length of [20, 50, 99, 100, 4095, 4096, 8192, 20_000, whole.length - PAGE_BYTES]) {
      expect(await readWith((bytes) => bytes.subarray(0, length)), `${length} bytes`).to.equal('refused');
    }
  });

  it('is found to be by the check, also where no query has met it', async () => {
    const random = randomStream(5, 'damage');
    let found = 0;
    for (let i = 0; i < DAMAGES; i++) {
      const bytes = Buffer.from(whole);
      const page = 1 + random.integer(whole.length / PAGE_BYTES - 1);
      bytes.fill(random.integer(256), page * PAGE_BYTES, page * PAGE_BYTES + 64);
      const file = folder.write('checked.db', bytes);
      try {
        checkIntegrity(file);
      } catch (error) {
        expect(error).to.be.instanceOf(DomainError);
        expect((error as DomainError).line).to.match(/^[^\n]+$/);
        found++;
      }
    }
    expect(found).to.be.at.least(DAMAGES * 0.9);
  });

  it('by what is no log beside it loses nothing that was in the file', async () => {
    copyFileSync(folder.file('whole.db'), folder.file('beside.db'));
    const random = randomStream(6, 'damage');
    for (const length of [10, 32, 5000, 40_000]) {
      folder.write('beside.db-wal', Buffer.from(Array.from({ length }, () => random.integer(256))));
      folder.removeFile('beside.db-shm');
      const store = await openStore(folder.file('beside.db'));
      expect(await listTrials(store, 'one')).to.have.length(200);
      await store.destroy();
    }
  });

  it('by a log of which the end is missing or garbage has all commits before, each whole', async () => {
    const store = await openStore(folder.file('logged.db'));
    await insertStudy(store, { definition: study('one'), logFingerprint: null, createdAt: NOW });
    for (let number = 1; number <= 40; number++) await insertTrials(store, 'one', [trial(number)], NOW);
    const [file, log] = ['', '-wal'].map((suffix) => readFileSync(folder.file(`logged.db${suffix}`)));
    await store.destroy();
    const random = randomStream(7, 'damage');
    const counts = new Set<number>();
    for (let i = 0; i < 25; i++) {
      const cut = random.integer(log!.length);
      const rest = Buffer.from(Array.from({ length: i % 2 === 0 ? 0 : 9000 }, () => random.integer(256)));
      folder.write('torn.db', file!);
      folder.write('torn.db-wal', Buffer.concat([log!.subarray(0, cut), rest]));
      folder.removeFile('torn.db-shm');
      const torn = await openStore(folder.file('torn.db'));
      const studies = await listStudies(torn);
      const trials = studies.length === 0 ? [] : await listTrials(torn, 'one');
      expect(trials.map(({ number }) => number)).to.deep.equal(trials.map((_, k) => k + 1));
      counts.add(trials.length);
      await torn.destroy();
      expect(checkIntegrity(folder.file('torn.db')).trials).to.equal(trials.length);
    }
    expect(counts.size).to.be.greaterThan(3);
  });
});
