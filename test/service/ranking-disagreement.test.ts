import { expect } from 'chai';
import { randomStream } from '../../math/random.ts';
import { studySchema } from '../../src/domain/study-rules.ts';
import type { EngagementLog } from '../../src/evaluator/engagement-log.ts';
import { openComputePool } from '../../src/service/compute-pool.ts';
import { type RankingDisagreement, rankingDisagreements } from '../../src/service/ranking-disagreement.ts';
import { generatedLog } from '../evaluator/generated-log.ts';

const definition = studySchema.parse({
  name: 'disagreement',
  log: { path: 'log.csv', request: 'r' },
  heads: { click: { score: 's', label: 'y' }, save: { score: 't', label: 'z' } },
  weights: { click: [0, 1], save: [0, 1] },
  sum: 1,
  objective: 'maximize click.average_precision',
  baseline: { weights: { click: 0, save: 1 } },
});

/**
 * Clicks depend on the request and on the row. The score of one head knows the request alone, that of the other the row; within
 * requests the first is noise.
 */
function log(requestShare: number): EngagementLog {
  const random = randomStream(31, 'disagreement');
  const given = generatedLog(random, {
    users: 300,
    requestsPerUser: 1,
    rowsPerRequest: 6,
    levels: 0,
    weighted: false,
  });
  const [click, save] = given.heads;
  for (let r = 0; r < given.requests; r++) {
    const ofRequest = random.normal();
    for (let i = given.requestOffsets[r]!; i < given.requestOffsets[r + 1]!; i++) {
      const ofRow = random.normal();
      const noise = random.normal();
      const known = requestShare * ofRequest + (1 - requestShare) * ofRow;
      click!.probability[i] = 1 / (1 + Math.exp(-(3 * known + 0.1 * noise)));
      save!.probability[i] = 1 / (1 + Math.exp(-ofRow - 0.5 * noise));
      const p = 1 / (1 + Math.exp(2 - 3 * ofRequest - ofRow));
      click!.label[i] = save!.label[i] = random.uniform() < p ? 1 : 0;
    }
  }
  return given;
}

async function found(
  requestShare: number,
  ...numbers: readonly number[]
): Promise<readonly RankingDisagreement[]> {
  const given = log(requestShare);
  const pool = openComputePool(1, given);
  try {
    return await rankingDisagreements(
      definition,
      given,
      pool,
      numbers.map((number) => ({ number, weights: { click: 1, save: 0 } })),
    );
  } finally {
    await pool.close();
  }
}

describe('rankingDisagreements', () => {
  it('tells heads that rank better over the log and worse within requests, both beyond noise', async () => {
    const disagreements = await found(1, 2, 0, 5);
    expect(disagreements.map(({ trial, head }) => [trial, head])).to.deep.equal([
      [2, 'click'],
      [2, 'save'],
      [5, 'click'],
      [5, 'save'],
    ]);
    for (const { head, pooled, within } of disagreements) {
      expect(pooled.metric).to.equal(`${head}.average_precision`);
      expect(pooled.change).to.be.greaterThan(1.645 * pooled.changeSem);
      expect(within.metric).to.equal(`${head}.grouped_auc`);
      expect(within.change).to.be.lessThan(-1.645 * within.changeSem);
    }
  });

  it('tells none where both rankings gain, nor of the baseline itself', async () => {
    expect(await found(0.4, 1)).to.deep.equal([]);
    expect(await found(1, 0)).to.deep.equal([]);
  });
});
