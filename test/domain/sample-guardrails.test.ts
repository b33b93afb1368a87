import { expect } from 'chai';
import { formatGuardrail } from '../../src/domain/guardrail.ts';
import { sampleGuardrails } from '../../src/domain/sample-guardrails.ts';
import { studySchema } from '../../src/domain/study-rules.ts';

function guardrailsOf(changes: object): readonly string[] {
  const study = studySchema.parse({
    name: 'shown',
    log: { path: 'log.csv', request: 'r', position: 'k', displayPropensity: 'p', segment: 'g' },
    heads: { click: { score: 's', label: 'y' }, hide: { score: 'h', label: 'z', sign: -1 } },
    weights: { click: [0, 1], hide: [0, 1] },
    ...changes,
  });
  return sampleGuardrails(study).map(formatGuardrail);
}

describe('the guardrails that counterfactual metrics bring', () => {
  it('are of the objective, other guardrails and parts of derived metrics, the largest ess of each sample', () => {
    expect(
      guardrailsOf({
        derived: { both: 'click.snips.engagement@3 - 2 * hide.ips.engagement@3{clip=2.5,ess=7}' },
        objective: 'maximize both',
        guardrails: [
          'click.snips.dcg@3{gain=exponential,ess=250} >= 0.1',
          'hide.ips.dcg@3{clip=2.5}[segment=new] <= 0.5',
          'click.engagement@3 >= 0.1',
        ],
        report: ['click.ips.engagement@9'],
      }),
    ).to.deep.equal([
      'click.snips.ess@3 >= 250',
      'hide.ips.ess@3{clip=2.5} >= 7',
      'hide.ips.ess@3{clip=2.5}[segment=new] >= 100',
    ]);
  });

  it('are not brought twice, nor by a study without such metrics', () => {
    expect(
      guardrailsOf({ objective: 'click.ips.dcg@5{ess=20}', guardrails: ['click.ips.ess@5 >= 20'] }),
    ).to.deep.equal([]);
    expect(guardrailsOf({ objective: 'click.ips.ess@5', guardrails: ['click.dcg@5 >= 1'] })).to.deep.equal(
      [],
    );
  });

  it('contradict one that keeps the sample down', () => {
    expect(() =>
      guardrailsOf({ objective: 'click.ips.dcg@5', guardrails: ['click.ips.ess@5 <= 50'] }),
    ).to.throw(
      '\\"click.ips.ess@5 <= 50\\" contradicts \\"click.ips.ess@5 >= 100\\": expected bounds that some value meets',
    );
  });

  it('may keep up the sample of a head that is unwanted', () => {
    expect(
      guardrailsOf({ objective: 'hide.snips.dcg@5', guardrails: ['hide.snips.ess@5 >= 100'] }),
    ).to.deep.equal([]);
  });
});
