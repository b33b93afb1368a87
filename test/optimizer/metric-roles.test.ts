import { expect } from 'chai';
import { studySchema } from '../../src/domain/study-rules.ts';
import type { StudyDefinition } from '../../src/domain/study.ts';
import { directionOf, modelledMetrics, objectiveSign } from '../../src/optimizer/metric-roles.ts';
import { smallDefinition } from './small-study-definition.ts';

function onLog(keys: Readonly<Record<string, unknown>>): StudyDefinition {
  return studySchema.parse({
    name: 'log',
    log: { path: 'log.csv', request: 'r' },
    heads: { click: { score: 's', label: 'y' }, hide: { score: 't', label: 'z', sign: -1 } },
    weights: { click: [0, 1], hide: [0, 1] },
    objective: 'click.average_precision',
    ...keys,
  });
}

describe('the direction of a metric', () => {
  for (const [metric, direction] of [
    ['click.average_precision', 'maximize'],
    ['click.ndcg@5', 'maximize'],
    ['hide.average_precision', 'minimize'],
    ['hide.roc_auc', 'minimize'],
    ['click.log_loss', 'minimize'],
    ['hide.log_loss', 'minimize'],
    ['hide.brier', 'minimize'],
    ['hide.ece{bins=10}', 'minimize'],
    ['click.map[segment=new]', 'maximize'],
    ['hide.hit@3{empty=zero}', 'minimize'],
    ['hide.expected_engagement@3', 'minimize'],
  ] as const) {
    it(`is ${direction} for ${metric}, where hide has the sign -1`, () => {
      expect(directionOf(onLog({}), metric)).to.equal(direction);
    });
  }

  it('is what the study says, first of all', () => {
    const definition = onLog({ metrics: { 'hide.roc_auc': { direction: 'maximize' } } });
    expect(directionOf(definition, 'hide.roc_auc')).to.equal('maximize');
  });

  it('is what the objective says, else the metric of a negative head is minimised', () => {
    expect(objectiveSign(onLog({ objective: 'minimize click.roc_auc' }))).to.equal(-1);
    expect(objectiveSign(onLog({ objective: 'hide.roc_auc' }))).to.equal(-1);
    expect(objectiveSign(onLog({ objective: 'maximize hide.roc_auc' }))).to.equal(1);
    expect(directionOf(onLog({ objective: 'minimize click.roc_auc' }), 'click.roc_auc')).to.equal('minimize');
  });

  it('agrees between what is optimised and what is reported where the study says both', () => {
    const definition = smallDefinition({
      objective: 'minimize gain',
      metrics: { gain: { noise: 'none', direction: 'minimize' } },
    });
    expect(objectiveSign(definition)).to.equal(-1);
    expect(directionOf(definition, 'gain')).to.equal('minimize');
  });

  it("is maximize for an external evaluator's metric of which nothing is said and which is no objective", () => {
    expect(directionOf(smallDefinition(), 'revenue')).to.equal('maximize');
  });
});

describe('modelledMetrics', () => {
  it('names the objective first and each metric once', () => {
    const guardrails = ['cost <= 1', 'gain >= 0', 'cost >= 0', 'risk <= 3'];
    expect(modelledMetrics(smallDefinition({ guardrails }))).to.deep.equal(['gain', 'cost', 'risk']);
  });
});
