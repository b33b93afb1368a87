import { expect } from 'chai';
import { DomainError } from '../../src/domain/errors.ts';
import { headSchema } from '../../src/domain/log.ts';
import { memoryOption } from '../../src/cli/memory-option.ts';
import { sweepMemory } from '../../src/service/sweep-memory.ts';
import { studySchema } from '../../src/domain/study-rules.ts';
import { readClicks, type TemporaryLogs, temporaryLogs } from './temporary-log.ts';

describe('the memory budget', () => {
  let logs: TemporaryLogs;
  before(() => {
    logs = temporaryLogs();
  });
  after(() => logs.remove());

  const columns = 'i // 10 AS r, 0.5 AS s, 1 AS y, 1 AS w, 1 AS k';
  const query = `SELECT ${columns} FROM range(200000) v(i)`;
  const text = `r,s,y\n${'1,0.5,1\n'.repeat(200_000)}`;

  /** 400 MB and, a row, 9 bytes of the head, 12 of reading and 8 of requests. */
  const needed = 400e6 + 200_000 * 29;

  for (const [format, write] of [
    ['Parquet', () => logs.writeParquet('a.parquet', query)],
    ['CSV in zstd', () => logs.writeZstd('a.csv.zst', query)],
    ['NDJSON in zstd', () => logs.writeZstd('a.ndjson.zst', query)],
  ] as const) {
    it(`refuses ${format} that needs more, by the number of its rows, and reads what fits`, async () => {
      const path = await write();
      const error: unknown = await readClicks(path, { memoryBudget: needed - 1 }).catch(
        (reason: unknown) => reason,
      );
      expect(error).to.be.instanceOf(DomainError);
      expect((error as DomainError).line).to.equal(
        `${path}: reading 200,000 impressions takes about 0.406 GB of memory, and 0.406 GB are allowed: ` +
          'expected a smaller log, such as a sample of its requests, or more memory (--memory)',
      );
      expect((await readClicks(path, { memoryBudget: needed })).rows).to.equal(200_000);
    });
  }

  for (const name of ['a.csv', 'a.csv.gz']) {
    it(`counts the lines of ${name}, its header included`, async () => {
      const path = logs.write(name, text);
      const error: unknown = await readClicks(path, { memoryBudget: 1e6 }).catch((reason: unknown) => reason);
      expect((error as DomainError).line).to.include(
        ': reading 200,002 impressions takes about 0.406 GB of memory, and 1 MB are allowed: ',
      );
      expect((await readClicks(path, { memoryBudget: needed + 58 })).rows).to.equal(200_000);
    });
  }

  it('counts what isotonic calibration sorts, 25 bytes a row', async () => {
    const path = await logs.writeParquet('d.parquet', query);
    const heads = { click: headSchema.parse({ score: 's', label: 'y', calibration: 'isotonic' }) };
    const sorting = needed + 200_000 * (25 - 12);
    const error: unknown = await readClicks(path, { heads, memoryBudget: sorting - 1 }).catch(
      (reason: unknown) => reason,
    );
    expect((error as DomainError).line).to.include('reading 200,000 impressions takes about 0.408 GB');
    expect((await readClicks(path, { heads, memoryBudget: sorting })).rows).to.equal(200_000);
  });

  it('counts all files and all columns', async () => {
    const paths = [await logs.writeParquet('b.parquet', query), await logs.writeParquet('c.parquet', query)];
    const all = { weight: 'w', position: 'k' };
    const both = 400e6 + 400_000 * (29 + 12);
    const error: unknown = await readClicks(paths, { ...all, memoryBudget: both - 1 }).catch(
      (reason: unknown) => reason,
    );
    expect((error as DomainError).line).to.include(
      `${paths[0]} and 1 more: reading 400,000 impressions takes`,
    );
    expect((await readClicks(paths, { ...all, memoryBudget: both })).rows).to.equal(400_000);
  });

  it('counts what follows where it takes more than reading', async () => {
    const path = await logs.writeParquet('d.parquet', query);
    const later = 400e6 + 200_000 * (9 + 100);
    const asked = { furtherMemory: (rows: number, bytesPerRow: number) => rows * (91 + bytesPerRow) };
    const error: unknown = await readClicks(path, { ...asked, memoryBudget: later - 1 }).catch(
      (reason: unknown) => reason,
    );
    expect((error as DomainError).line).to.equal(
      `${path}: evaluating 200,000 impressions takes about 0.422 GB of memory, and 0.422 GB are allowed: ` +
        'expected a smaller log, such as a sample of its requests, or more memory (--memory)',
    );
    expect((await readClicks(path, { ...asked, memoryBudget: later })).rows).to.equal(200_000);
  });

  it('takes a log without rows for empty, and not for one that a sweep has no memory for', async () => {
    const study = studySchema.parse({
      name: 'empty',
      log: { path: 'empty.parquet', request: 'r' },
      heads: { click: { score: 's', label: 'y' } },
      weights: { click: [0, 1] },
      objective: 'maximize click.average_precision',
    });
    const path = await logs.writeParquet('empty.parquet', `${query} LIMIT 0`);
    const error: unknown = await readClicks(path, { furtherMemory: sweepMemory(study, 2) }).catch(
      (reason: unknown) => reason,
    );
    expect((error as DomainError).line).to.equal(`${path}: has columns but no rows: expected impressions`);
  });

  it('reads rows that end in carriage returns, and rows of more than a line', async () => {
    expect((await readClicks(logs.write('cr.csv', 'r,s,y\r1,0.5,1\r2,0.5,0\r'))).rows).to.equal(2);
    expect((await readClicks(logs.write('quoted.csv', 'r,s,y\n"a\n\nb",0.5,1\n2,0.5,0'))).rows).to.equal(2);
  });

  it('is written as an amount with a unit', () => {
    const amounts = { '4GB': 4e9, '1.5 GB': 1.5e9, '512MiB': 2 ** 29, '1000': 1000, '2TB': 2e12 };
    for (const [amount, bytes] of Object.entries(amounts)) expect(memoryOption(amount)).to.equal(bytes);
    for (const amount of ['4 gigs', '-1GB', '0', 'GB', '', '4gb', '1e9']) {
      expect(() => memoryOption(amount), amount).to.throw(
        'Expected an amount of memory such as 4GB, 512MB or 2GiB.',
      );
    }
  });
});
