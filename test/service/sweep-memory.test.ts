import { expect } from 'chai';
import { studySchema } from '../../src/domain/study-rules.ts';
import { sweepMemory } from '../../src/service/sweep-memory.ts';

const ROWS = 10_000_000;
const BYTES_PER_ROW = 36;

function study(keys: object = {}) {
  const heads = { click: { score: 's', label: 'y' }, save: { score: 't', label: 'z' } };
  return studySchema.parse({
    name: 'memory',
    log: { path: 'log.parquet', request: 'r' },
    heads,
    weights: { click: [0, 1], save: [0, 1] },
    sum: 1,
    objective: 'maximize click.average_precision',
    ...keys,
  });
}

describe('the memory of a sweep', () => {
  it('grows by a thread for each worker where the log is large, by a scratch too where it is not', () => {
    const [one, two] = [sweepMemory(study(), 1), sweepMemory(study(), 2)];
    expect(two(ROWS, BYTES_PER_ROW) - one(ROWS, BYTES_PER_ROW)).to.equal(40e6);
    expect(two(1e6, BYTES_PER_ROW) - one(1e6, BYTES_PER_ROW)).to.be.greaterThan(40e6 + 40 * 1e6);
  });

  it('counts the copies of a log that is split, and the replicates of a bootstrap', () => {
    const plain = sweepMemory(study(), 2)(ROWS, BYTES_PER_ROW);
    const split = sweepMemory(study({ holdout: { share: 0.3, by: 'request' } }), 2)(ROWS, BYTES_PER_ROW);
    expect(split - plain).to.equal(ROWS * BYTES_PER_ROW);
    // A byte a unit and replicate, eight more a unit, and seven a row.
    const resampling = (208 * ROWS) / 6 + 7 * ROWS;
    expect(sweepMemory(study(), 2, 200)(ROWS, BYTES_PER_ROW) - plain).to.be.closeTo(resampling, 1);
  });

  it('counts what the study reports', () => {
    const plain = sweepMemory(study(), 2)(ROWS, BYTES_PER_ROW);
    const more = study({
      report: ['click.roc_auc', 'save.average_precision[segment=a]'],
      log: { path: 'l', request: 'r', segment: 'g' },
    });
    expect(sweepMemory(more, 2)(ROWS, BYTES_PER_ROW)).to.be.greaterThan(plain + ROWS);
  });
});
