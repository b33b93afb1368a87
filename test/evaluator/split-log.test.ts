import { expect } from 'chai';
import { randomStream } from '../../math/random.ts';
import { type LogMetric, parseLogMetric } from '../../src/domain/metric.ts';
import type { EngagementLog } from '../../src/evaluator/engagement-log.ts';
import { evaluate } from '../../src/evaluator/evaluate.ts';
import { createEvaluationScratch } from '../../src/evaluator/evaluation-scratch.ts';
import { partOfLog } from '../../src/evaluator/part-of-log.ts';
import { splitLog } from '../../src/evaluator/split-log.ts';
import { generatedLog, reweighted } from './generated-log.ts';

const METRICS = [
  'click.average_precision',
  'save.roc_auc',
  'click.grouped_auc',
  'save.ndcg@3',
  'click.dcg@3{debias=examination}',
].map((name): LogMetric => {
  const parsed = parseLogMetric(name, ['click', 'save']);
  if (typeof parsed === 'string') throw new Error(parsed);
  return parsed;
});

function someLog(users: number, weighted = false): EngagementLog {
  const options = { users, requestsPerUser: 2, rowsPerRequest: 4, levels: 0, weighted };
  const log = generatedLog(randomStream(21, 'split', users), options);
  const timestampOfRequest = new Float64Array(new SharedArrayBuffer(8 * log.requests));
  // Three requests a moment, in no order of the file.
  for (let r = 0; r < log.requests; r++) timestampOfRequest[r] = Math.floor(((r * 7919) % log.requests) / 3);
  return { ...log, timestampOfRequest };
}

const usersOf = ({ userOfRequest }: EngagementLog): ReadonlySet<number> => new Set(userOfRequest);

function valuesOf(log: EngagementLog): Readonly<Record<string, number>> {
  return evaluate(log, { weights: Float64Array.of(0.5, 0.25) }, METRICS, createEvaluationScratch(log));
}

describe('a part of a log', () => {
  for (const weighted of [false, true]) {
    it(`has the metrics of the log in which all other requests weigh nothing, ${weighted ? 'weighted' : 'unweighted'} rows`, () => {
      const log = { ...someLog(60, weighted), userOfRequest: undefined };
      const kept = Uint8Array.from({ length: log.requests }, (_, r) => Number(r % 3 !== 1));
      const part = valuesOf(partOfLog(log, kept));
      const whole = valuesOf(reweighted(log, (request) => kept[request]!));
      for (const { name } of METRICS) expect(part[name], name).to.be.closeTo(whole[name]!, 1e-12);
    });
  }

  it('counts its own labels', () => {
    const log = someLog(20);
    const part = partOfLog(
      log,
      Uint8Array.from({ length: log.requests }, (_, r) => r % 2),
    );
    for (const { label, calibration } of part.heads) {
      expect(calibration.positives).to.equal(label.filter((y) => y === 1).length);
      expect(calibration.rowsWithLabel).to.equal(label.filter((y) => y >= 0).length);
    }
  });
});

describe('splitLog', () => {
  it('holds users out whole where the log has them, about the share of them', () => {
    const log = someLog(4000);
    const { tune, holdout, by } = splitLog(log, { share: 0.3 }, 1);
    expect(by).to.equal('user');
    expect(tune.requests + holdout.requests).to.equal(log.requests);
    expect(tune.rows + holdout.rows).to.equal(log.rows);
    const [tuned, held] = [usersOf(tune), usersOf(holdout)];
    expect([...held].filter((user) => tuned.has(user))).to.deep.equal([]);
    expect(held.size / 4000).to.be.closeTo(0.3, 4.5 * Math.sqrt((0.3 * 0.7) / 4000));
  });

  it('draws by the seed, and requests where asked', () => {
    const log = someLog(300);
    const held = (seed: number): readonly number[] => [
      ...splitLog(log, { share: 0.5, by: 'request' }, seed).holdout.userOfRequest!,
    ];
    expect(held(1)).to.deep.equal(held(1));
    expect(held(1)).to.not.deep.equal(held(2));
    const { tune, holdout } = splitLog(log, { share: 0.5, by: 'request' }, 1);
    const both = [...usersOf(holdout)].filter((user) => usersOf(tune).has(user));
    expect(both.length).to.be.greaterThan(0);
  });

  it('holds out by time the last requests, those of one moment together', () => {
    const log = someLog(500);
    const { tune, holdout } = splitLog(log, { share: 0.3, by: 'time' }, 1);
    const last = Math.max(...tune.timestampOfRequest!);
    const first = Math.min(...holdout.timestampOfRequest!);
    expect(last).to.be.lessThan(first);
    expect(holdout.requests / log.requests).to.be.closeTo(0.3, 3 / log.requests);
  });

  it('refuses to leave a part empty', () => {
    const log = { ...someLog(1), userOfRequest: undefined };
    const one = partOfLog(
      log,
      Uint8Array.from({ length: log.requests }, (_, r) => Number(r === 0)),
    );
    expect(() => splitLog(one, { share: 0.3 }, 1)).to.throw(
      'a hold-out of 0.3 by request takes no request of 1: expected some in both parts',
    );
    expect(() => splitLog(one, { share: 0.3, by: 'user' }, 1)).to.throw(RangeError, 'without its users');
    const timeless = { ...one, timestampOfRequest: undefined };
    expect(() => splitLog(timeless, { share: 0.3, by: 'time' }, 1)).to.throw(
      RangeError,
      'without its timestamps',
    );
  });
});
