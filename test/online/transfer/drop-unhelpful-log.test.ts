import { expect } from 'chai';
import { dropUnhelpfulLog } from '../../../src/online/transfer/drop-unhelpful-log.ts';
import type { TransferModel } from '../../../src/online/transfer/transfer-model.ts';

const alone: TransferModel['alone'] = [];

/** What a fit of a metric with this gain is like; with and without are told apart by identity. */
function model(gain: number): TransferModel {
  const evidence = { gain, standardError: 1, errorWith: 0.01, errorWithout: 0.01 };
  const correlation = { mean: 0.5, interval: [0, 1] as const };
  const used = gain > 0;
  return { components: used ? [...alone] : alone, alone, trust: { correlation, evidence, used } };
}

describe('dropUnhelpfulLog', () => {
  it('drops the log for all metrics where it does not help on the whole', () => {
    for (const gains of [
      [2, -1, -1.5],
      [1, -1],
    ]) {
      const models = dropUnhelpfulLog(gains.map(model));
      for (const { components, trust } of models) {
        expect(components).to.equal(alone);
        expect(trust!.used).to.equal(false);
      }
      expect(models.map(({ trust }) => trust!.evidence.gain)).to.deep.equal(gains);
    }
  });

  it('leaves what each metric does where it helps, and models without a log', () => {
    const models = [5, -2, 1].map(model);
    expect(dropUnhelpfulLog(models)).to.equal(models);
    const rounds: TransferModel = { components: alone, alone, trust: undefined };
    expect(dropUnhelpfulLog([rounds])).to.deep.equal([rounds]);
  });
});
