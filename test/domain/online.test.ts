import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { parse } from 'yaml';
import { canonicalJson } from '../../src/domain/canonical-json.ts';
import { DomainError } from '../../src/domain/errors.ts';
import { onlineSchema } from '../../src/domain/online.ts';
import { readoutSchema } from '../../src/domain/readout.ts';
import { parseWith } from '../../src/domain/schema.ts';
import { studySchema } from '../../src/domain/study-rules.ts';

const STUDY = {
  name: 'x',
  weights: { a: [0, 1], b: [0, 1] },
  sum: 1,
  objective: 'maximize relevance',
  report: ['safety'],
  derived: { worth: 'relevance + safety' },
  baseline: { weights: { a: 0.5, b: 0.5 } },
};
const ONLINE = {
  metrics: {
    saves: { kind: 'volume', offline: 'relevance' },
    clicks: { kind: 'propensity', offline: 'worth', mean: 0.2, relevantEffect: 0.01 },
  },
  objective: 'maximize saves',
  guardrails: ['clicks >= 0.98 * baseline'],
};
const head = { score: 's', label: 'y' };
const LOGGED = {
  name: 'x',
  weights: { a: [0, 1], b: [0, 1] },
  objective: 'maximize a.map',
  log: { path: 'log.csv', request: 'r' },
  heads: { a: head, b: head },
  baseline: { weights: { a: 0.5, b: 0.5 } },
};

function complaint(study: object): string {
  try {
    parseWith(studySchema, study, 'study_invalid');
  } catch (error) {
    if (error instanceof DomainError) return error.line;
  }
  return 'nothing was refused';
}

describe('what a study says of experiments', () => {
  it('is stored structured, with two rounds where it does not say', () => {
    const { online } = parseWith(studySchema, { ...STUDY, online: ONLINE }, 'study_invalid');
    expect(online).to.deep.equal({
      metrics: ONLINE.metrics,
      objective: { metric: 'saves', direction: 'maximize' },
      guardrails: [{ metric: 'clicks', relation: '>=', factor: 0.98, offset: 0 }],
      rounds: 2,
    });
    const again = parseWith(studySchema, { ...STUDY, online }, 'study_invalid');
    expect(again.online).to.deep.equal(online);
    expect(studySchema.parse(STUDY)).to.not.have.property('online');
  });

  it('may know a metric by any of a log that depends on the weights, which trials are then scored on', () => {
    const metrics = { saves: { kind: 'volume', offline: 'b.ndcg@10' } };
    expect(complaint({ ...LOGGED, online: { metrics, objective: 'maximize saves' } })).to.equal(
      'nothing was refused',
    );
  });

  const changed = (changes: object): object => ({ ...STUDY, online: { ...ONLINE, ...changes } });
  const metric = (changes: object): object =>
    changed({ metrics: { ...ONLINE.metrics, saves: { ...ONLINE.metrics.saves, ...changes } } });
  const refused: readonly [string, object, string][] = [
    [
      'a baseline without weights',
      { ...STUDY, baseline: { metrics: { relevance: 1 } }, online: ONLINE },
      'online: needs the weights that every experiment compares with: add baseline: {weights: …}',
    ],
    ['no metrics', changed({ metrics: {} }), 'online.metrics: has 0 metrics: expected 1 to 20'],
    [
      'an unknown key',
      changed({ round: 3 }),
      'online.round: unknown key "round" (did you mean rounds?): expected one of metrics, objective, guardrails, rounds',
    ],
    [
      'an objective that is no metric',
      changed({ objective: 'maximize relevance' }),
      'online.objective: unknown metric "relevance": expected one of saves, clicks',
    ],
    [
      'an objective without direction',
      changed({ objective: 'saves' }),
      'online.objective: "saves" has no direction: expected "maximize saves" or "minimize saves"',
    ],
    [
      'a guardrail on no metric',
      changed({ guardrails: ['safety >= 0.9 * baseline'] }),
      'online.guardrails.0: unknown metric "safety": expected one of saves, clicks',
    ],
    [
      'a guardrail that is not relative',
      changed({ guardrails: ['clicks >= 0.2'] }),
      'online.guardrails.0: "clicks >= 0.2" is not relative to the baseline of each experiment: expected clicks >= c * baseline or clicks <= c * baseline',
    ],
    [
      'a guardrail at a distance',
      changed({ guardrails: ['clicks >= baseline - 0.01'] }),
      'online.guardrails.0: "clicks >= baseline - 0.01" is not relative to the baseline of each experiment: expected clicks >= c * baseline or clicks <= c * baseline',
    ],
    [
      'guardrails that no value meets',
      changed({ guardrails: ['clicks >= 1.1 * baseline', 'clicks <= 1 * baseline'] }),
      'online.guardrails.1: "clicks <= baseline" contradicts "clicks >= 1.1 * baseline": expected bounds that some value meets',
    ],
    [
      'a metric that the study does not measure',
      metric({ offline: 'revenue' }),
      'online.metrics.saves.offline: "revenue" is no metric of the study: expected one of relevance, worth, safety, or it under report as well',
    ],
    [
      'a metric of a log that there is not',
      {
        ...LOGGED,
        online: { metrics: { saves: { kind: 'volume', offline: 'c.map' } }, objective: 'maximize saves' },
      },
      'online.metrics.saves.offline: unknown metric "c.map": no head is named "c" (heads: a, b)',
    ],
    [
      'a metric of a log that weights do not move',
      {
        ...LOGGED,
        online: { metrics: { saves: { kind: 'volume', offline: 'a.brier' } }, objective: 'maximize saves' },
      },
      'online.metrics.saves.offline: a.brier does not depend on the weights: expected a metric that does',
    ],
    [
      'an unknown kind',
      metric({ kind: 'rate' }),
      'online.metrics.saves.kind: is "rate": expected propensity or volume',
    ],
    [
      'a share in per cent',
      changed({ metrics: { ...ONLINE.metrics, clicks: { kind: 'propensity', mean: 20 } } }),
      'online.metrics.clicks.mean: is 20: expected a share between 0 and 1, such as 0.02 for 2 %',
    ],
    [
      'a spread that follows from the mean',
      changed({ metrics: { ...ONLINE.metrics, clicks: { kind: 'propensity', mean: 0.2, stddev: 1 } } }),
      'online.metrics.clicks.stddev: follows from the mean of a propensity: expected none',
    ],
    [
      'a spread without a mean',
      metric({ stddev: 1 }),
      'online.metrics.saves.stddev: stands without a mean: expected both',
    ],
    ['no round', changed({ rounds: 0 }), 'online.rounds: is 0: expected a number >= 1'],
  ];
  for (const [what, study, line] of refused) {
    it(`is refused with ${what}`, () => {
      expect(complaint(study)).to.equal(line);
    });
  }

  it('and the readout stand in docs/service.md as they are taken', () => {
    const page = readFileSync(fileURLToPath(new URL('../../../docs/service.md', import.meta.url)), 'utf8');
    const [, yaml] = /```yaml\n(online:\n[^`]*)```/.exec(page)!;
    const { online } = parse(yaml!) as { online: unknown };
    expect(onlineSchema.safeParse(online).success).to.equal(true);
    const [, json] = /```json\n(\{\s*"window"[^`]*)```/.exec(page)!;
    expect(readoutSchema.safeParse(JSON.parse(json!)).success).to.equal(true);
  });
});

describe('canonicalJson', () => {
  it('is the same for equal values, and another for others', () => {
    expect(canonicalJson({ b: [1, { d: 1, c: undefined }], a: null })).to.equal('{"a":null,"b":[1,{"d":1}]}');
    expect(canonicalJson([2, 1])).to.equal('[2,1]');
    expect(canonicalJson({ '10': 1, '9': 2 })).to.equal(canonicalJson({ '9': 2, '10': 1 }));
  });
});
