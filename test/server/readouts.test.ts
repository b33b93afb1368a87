import { expect } from 'chai';
import type { Answer } from './exchange.ts';
import { expectProblem } from './exchange.ts';
import {
  createOnlineStudy,
  type ExperimentBody,
  planRound,
  readoutOf,
  USERS,
  WINDOW,
} from './online-study.ts';
import { NOW, serviceOfThisFile } from './running-service.ts';

interface ReadoutBody {
  readonly revision: number;
  readonly forced: readonly string[];
  readonly forceReason: string | null;
  readonly findings: readonly {
    readonly gate: string;
    readonly severity: string;
    readonly message: string;
  }[];
  readonly contentHash: string;
  readonly importedAt: string;
  readonly readout: ReturnType<typeof readoutOf>;
}

/** A round of one arm, which is picked by hand. */
const picked = (name: string, close: number) => ({
  arms: 0,
  handPicked: [{ name, weights: { fresh: 0.4, close, liked: 0.6 - close } }],
});

/** What it and its baseline were; clicks are a share, of 0.4 with the baseline. */
const read = (arm: string, clicks: number, users: number, saves: number) => {
  const share = (mean: number) => ({ mean, sem: Math.sqrt((mean * (1 - mean)) / users) });
  return {
    window: WINDOW,
    units: { baseline: users, [arm]: users },
    metrics: {
      saves: {
        kind: 'volume',
        arms: { baseline: { mean: 1, sem: 0.001 }, [arm]: { mean: saves, sem: 0.001 } },
      },
      clicks: { kind: 'propensity', arms: { baseline: share(0.4), [arm]: share(clicks) } },
    },
  };
};

/** Sums of users with s² = 4·1000/999 of x in {0, 4} + shift and y in {0, 4}, which do not go together. */
const apartFromCovariate = (shift: number): object => ({
  n: 1000,
  sum: 2000,
  sumOfSquares: 8000,
  covariate: {
    sum: 1000 * (2 + shift),
    sumOfSquares: 500 * (shift ** 2 + (4 + shift) ** 2),
    sumOfProducts: 2000 * (2 + shift),
  },
});

describe('readouts of an experiment', () => {
  const service = serviceOfThisFile();
  let round: ExperimentBody;
  let sound: ReturnType<typeof readoutOf>;
  const path = '/v1/studies/read/experiments/1/readouts';

  const send = async (
    readout: unknown,
    force?: readonly string[],
    to = path,
    forceReason?: string,
  ): Promise<Answer<ReadoutBody>> =>
    service().post(to, {
      readout,
      ...(force && { force }),
      ...(forceReason !== undefined && { forceReason }),
    });
  const history = async (of = path): Promise<readonly ReadoutBody[]> =>
    (await service().get<{ readouts: readonly ReadoutBody[] }>(of)).body.readouts;

  /** A study of its own, with a round of three arms. */
  async function fresh(name: string, body: object = {}) {
    await createOnlineStudy(service(), name);
    const planned = await planRound(service(), name, { arms: 3, ...body });
    return {
      to: `/v1/studies/${name}/experiments/1/readouts`,
      analyse: `/v1/studies/${name}/experiments/1:analyse`,
      readout: readoutOf(planned.arms, 2),
      arms: planned.arms,
    };
  }

  before(async () => {
    await createOnlineStudy(service(), 'read');
    round = await planRound(service(), 'read', { arms: 3 });
    sound = readoutOf(round.arms, 1);
  });

  it('are refused where units were not split as planned, until that is forced, which is recorded and shown', async () => {
    const skewed = { ...sound, units: { ...sound.units, 'r1-2': 98_000 } };
    const found = expectProblem(await send(skewed), 422, 'readout_invalid', '/readout');
    expect(found.detail).to.match(
      /^units were not split as planned, p = .*r1-2 98000 \(planned 99500\).*\(gate sample_ratio\)$/,
    );
    expect(await history()).to.deep.equal([]);
    const other = await send(skewed, ['mixed_units']);
    expect(other.status, 'another gate').to.equal(422);
    const why = 'a crawler, taken out of r1-2 by hand';
    const forced = await send(skewed, ['sample_ratio', 'mixed_units'], path, why);
    expect(forced.status, forced.text).to.equal(201);
    expect(forced.headers.location).to.equal(path);
    expect(forced.body).to.deep.include({ revision: 1, forced: ['sample_ratio'], importedAt: NOW });
    expect(forced.body.findings.map(({ gate, severity }) => [gate, severity])).to.deep.equal([
      ['sample_ratio', 'refuse'],
    ]);
    const analysis = await service().get<{ readout: ReadoutBody; notes: string[] }>(
      '/v1/studies/read/experiments/1:analyse',
    );
    const note = `Readouts were forced past gates that refused them: that of round 1 past sample_ratio (${JSON.stringify(why)}).`;
    expect(analysis.body.notes).to.deep.equal([note]);
    const advice = await service().get<{ reasons: string[] }>('/v1/studies/read/experiments:recommend');
    expect(advice.body.reasons[0]).to.equal(note);
    expect(analysis.body.readout).to.deep.include({
      revision: 1,
      forced: ['sample_ratio'],
      forceReason: why,
    });
    const { events } = (
      await service().get<{ events: { kind: string; payload: object }[] }>(
        '/v1/studies/read/events?pageSize=1000',
      )
    ).body;
    expect(events.find(({ kind }) => kind === 'readout_imported')!.payload).to.deep.equal({
      experiment: 1,
      revision: 1,
      forced: ['sample_ratio'],
      reason: why,
    });
    for (const reason of ['', 'x'.repeat(1001)]) {
      expectProblem(
        await send(skewed, ['sample_ratio'], path, reason),
        422,
        'readout_invalid',
        '/forceReason',
      );
    }
  });

  it('replace each other, keep the history, and are no new revision where nothing is new', async () => {
    expect((await send(sound)).body.revision).to.equal(2);
    const reordered = Object.fromEntries(Object.entries(sound).toReversed());
    const again = await send(reordered);
    expect([again.status, again.body.revision]).to.deep.equal([200, 2]);
    expect(again.headers.location).to.equal(undefined);
    const later = { ...sound, units: { ...sound.units, 'r1-1': USERS + 1 } };
    const needless = await send(later, ['sample_ratio'], path, 'to be sure');
    expect(needless.body).to.deep.include({ revision: 3, forced: [], forceReason: null });
    expect((await history()).map(({ revision, forced }) => [revision, forced])).to.deep.equal([
      [1, ['sample_ratio']],
      [2, []],
      [3, []],
    ]);
    expect((await history())[1]!.readout.units).to.deep.equal(sound.units);
    const back = await send(sound);
    expect([back.status, back.body.revision], 'the one before the last, anew').to.deep.equal([201, 4]);
  });

  it('are imported once under an Idempotency-Key', async () => {
    const { to, readout } = await fresh('read-keyed');
    const first = await service().keyed<ReadoutBody>('k', to, { readout });
    const second = await service().keyed<ReadoutBody>('k', to, { readout });
    expect([first.status, second.status, second.headers['idempotency-replayed']]).to.deep.equal([
      201,
      201,
      'true',
    ]);
    expect(await history(to)).to.have.lengthOf(1);
  });

  /** The sound readout with another value at a place; undefined takes away what stands there. */
  const changed = (path: readonly string[], value: unknown): unknown => {
    const [key, ...rest] = path;
    const put = (object: object, at: string, [next, ...others]: readonly string[]): object => {
      const { [at]: before, ...kept } = object as Readonly<Record<string, object>>;
      if (next !== undefined) return { ...kept, [at]: put(before!, next, others) };
      return value === undefined ? kept : { ...kept, [at]: value };
    };
    return put(sound, key!, rest);
  };
  const ARMS = ['baseline', 'r1-1', 'r1-2', 'r1-3'];
  const refused: readonly [string, readonly string[], unknown, string, RegExp][] = [
    [
      'a metric that the study does not have',
      ['metrics', 'shares'],
      { kind: 'volume', arms: {} },
      '/readout/metrics/shares',
      /is no metric of the study's experiments: expected one of saves, clicks/,
    ],
    [
      'a metric of another kind',
      ['metrics', 'clicks', 'kind'],
      'volume',
      '/readout/metrics/clicks/kind',
      /is volume: expected propensity, as the study says/,
    ],
    ['no metric', ['metrics'], {}, '/readout/metrics', /has no metric: expected some of saves, clicks/],
    [
      'an arm missing',
      ['metrics', 'saves', 'arms', 'r1-3'],
      undefined,
      '/readout/metrics/saves/arms/r1-3',
      /has no readout: expected all of baseline, r1-1, r1-2, r1-3 \(gate missing_arms\)/,
    ],
    [
      'percentages among fractions',
      ['metrics', 'clicks', 'arms', 'r1-1'],
      { mean: 38, sem: 0.15 },
      '/readout/metrics/clicks/arms/r1-1',
      /has a share of 38: expected a fraction between 0 and 1, such as 0.02 for 2 % \(gate mixed_units\)/,
    ],
    [
      'a standard deviation for a standard error',
      ['metrics', 'clicks', 'arms', 'r1-1'],
      { mean: 0.4, sem: 0.49 },
      '/readout/metrics/clicks/arms/r1-1',
      /has a sem of 0.49 \(this looks like a standard deviation\).*\(gate impossible_sem\)/,
    ],
    [
      'engagement that is not complete',
      ['maturesAt'],
      '2026-02-01',
      '/readout',
      /^was read on 2026-01-01T00:00:00.000Z: expected after 2026-02-01.*\(gate immature\)/,
    ],
    [
      'a correlation of what it has not',
      ['correlations'],
      [{ metrics: ['saves', 'hides'], correlation: 0.5 }],
      '/readout/correlations/0',
      /names hides: expected one of saves, clicks/,
    ],
    ['an unknown key', ['unit'], 'user', '/readout/unit', /^unknown key "unit"/],
    [
      'sums that no numbers have',
      ['metrics', 'saves', 'arms'],
      Object.fromEntries(ARMS.map((arm) => [arm, { n: 10, sum: 100, sumOfSquares: 1 }])),
      '/readout/metrics/saves/arms/baseline',
      /has a sumOfSquares of 1: expected at least sum²\/n = 1000/,
    ],
  ];
  for (const [what, at, value, pointer, detail] of refused) {
    it(`are refused with ${what}`, async () => {
      const before = await history();
      const answer = await send(changed(at, value));
      expect(expectProblem(answer, 422, 'readout_invalid', pointer).detail).to.match(detail);
      expect(await history()).to.deep.equal(before);
    });
  }

  it('tell how metrics go together, which the joint posterior knows', async () => {
    const { to, analyse, readout } = await fresh('read-together');
    const kept = async (changes: object): Promise<string> => {
      expect((await send({ ...readout, ...changes }, [], to)).status).to.equal(201);
      const { body } = await service().get<{ posterior: { arms: unknown } | null }>(analyse);
      return JSON.stringify(body.posterior);
    };
    const apart = await kept({});
    const correlations = [{ metrics: ['saves', 'clicks'], correlation: 0.9 }];
    expect(await kept({ correlations })).to.not.equal(apart);
    expect((await history(to)).at(-1)!.readout).to.deep.include({ correlations });
  });

  it('are refused for gates that there are not, experiments that there are not, and once they have ended', async () => {
    expectProblem(await send(sound, ['luck']), 422, 'readout_invalid', '/force/0');
    const nowhere = await send(sound, [], '/v1/studies/read/experiments/9/readouts');
    expectProblem(nowhere, 404, 'experiment_not_found');
    const { to, readout } = await fresh('read-ended');
    expect((await send(readout, [], to)).status).to.equal(201);
    await service().post('/v1/studies/read-ended/experiments/1:end');
    expect((await send(readout, [], to)).status, 'the same again').to.equal(200);
    const later = { ...readout, units: { ...readout.units, 'r1-1': USERS + 1 } };
    expectProblem(await send(later, [], to), 409, 'experiment_state');
  });

  it('that are early widen their intervals for all looks together, by units where they were planned', async () => {
    interface Look {
      readonly intervals: string;
      readonly information: object;
      readonly metrics: readonly { readonly multiplier: number }[];
    }
    const looks: Look[] = [];
    for (const [name, planned, days] of [
      ['look-full', {}, '2025-12-15'],
      ['look-window', {}, '2025-12-08'],
      ['look-units', { units: 16 * USERS }, '2025-12-08'],
    ] as const) {
      const { to, analyse, readout } = await fresh(name, planned);
      const answer = await send({ ...readout, window: { ...WINDOW, end: days } }, [], to);
      expect(answer.body.findings.map(({ gate }) => gate)).to.deep.equal(
        days === WINDOW.end ? [] : ['early_look'],
      );
      looks.push((await service().get<Look>(`${analyse}?correction=bonferroni`)).body);
    }
    expect(looks.map(({ intervals, information }) => ({ intervals, ...information }))).to.deep.equal([
      { intervals: 'one look', fraction: null, by: 'window' },
      { intervals: 'sequential', fraction: 0.5, by: 'window' },
      { intervals: 'sequential', fraction: 0.25, by: 'units' },
    ]);
    // docs/adr/0033 has such multipliers; three arms share 0.05. √((1 + 1/τ)(log(1 + τ) + 2 log(1/α))) at half and a quarter of τ₀.
    const alpha = 0.05 / 3;
    let tau0 = 10;
    for (let i = 0; i < 100; i++) tau0 = Math.log1p(tau0) - 2 * Math.log(alpha);
    const sequence = (tau: number): number =>
      Math.sqrt((1 + 1 / tau) * (Math.log1p(tau) - 2 * Math.log(alpha)));
    const multipliers = looks.map(({ metrics }) => metrics[0]!.multiplier);
    // Φ⁻¹(1 − 0.05/6).
    expect(multipliers[0]).to.be.closeTo(2.3939798, 1e-8);
    expect(multipliers[1]).to.be.closeTo(sequence(tau0 / 2), 1e-10);
    expect(multipliers[2]).to.be.closeTo(sequence(tau0 / 4), 1e-10);
  });

  it('that were looked at early stay sequential at the planned end', async () => {
    const { to, analyse, readout } = await fresh('look-again');
    await send({ ...readout, window: { ...WINDOW, end: '2025-12-08' } }, [], to);
    const last = await send(readout, [], to);
    expect(last.body).to.deep.include({ revision: 2, findings: [] });
    const { body } = await service().get<{
      intervals: string;
      information: object;
      metrics: { multiplier: number }[];
    }>(analyse);
    expect(body).to.deep.include({ intervals: 'sequential', information: { fraction: 1, by: 'window' } });
    // √(1 + τ₀), where the sequence is narrowest: three arms share 0.05.
    let tau0 = 10;
    for (let i = 0; i < 100; i++) tau0 = Math.log1p(tau0) - 2 * Math.log(0.05 / 3);
    expect(body.metrics[0]!.multiplier).to.be.closeTo(Math.sqrt(1 + tau0), 1e-10);
  });

  it('bar an arm from being shipped whose own round showed a guardrail missed, in the analysis of later rounds too', async () => {
    const { to } = await fresh('read-barred', picked('missed', 0.401));
    const one = await send(read('missed', 0.34, 2000, 1.12), [], to);
    expect(one.status, one.text).to.equal(201);
    await planRound(service(), 'read-barred', picked('kept', 0.4));
    const second = '/v1/studies/read-barred/experiments/2';
    const two = await send(read('kept', 0.4, 200_000, 1.1), [], `${second}/readouts`);
    expect(two.status, two.text).to.equal(201);

    const { body } = await service().get<{
      posterior: { arms: { arm: string; feasible: number; lift: number }[]; shipment: { arm: string } };
    }>(`${second}:analyse`);
    const [missed, kept] = body.posterior.arms;
    expect([missed!.arm, kept!.arm]).to.deep.equal(['missed', 'kept']);
    // Weights that are nearly the same: the posterior takes the sharper readout's word for both.
    expect(missed!.feasible).to.be.greaterThan(0.95);
    expect(missed!.lift).to.be.greaterThan(kept!.lift);
    expect(body.posterior.shipment.arm).to.equal('kept');
    const next = await service().get<{ action: string; arm: string }>(
      '/v1/studies/read-barred/experiments:recommend?roundsLeft=0&arms=1',
    );
    expect(next.body).to.deep.include({ action: 'ship', arm: 'kept' });
  });

  it('may be sums with a covariate, which CUPED uses, or lifts', async () => {
    const { to, analyse, readout, arms } = await fresh('read-forms');
    const n = 1000;
    // y = x + e with x in {0, 2}, e in {0, 1}, all four equally often; arm k has one more on average.
    const sums = (shift: number): object => {
      const values = [0, 1, 2, 3].map((y) => y + shift);
      const x = [0, 0, 2, 2];
      const total = (of: readonly number[]): number => (n / 4) * of.reduce((sum, value) => sum + value, 0);
      return {
        n,
        sum: total(values),
        sumOfSquares: total(values.map((y) => y * y)),
        covariate: {
          sum: total(x),
          sumOfSquares: total(x.map((value) => value * value)),
          sumOfProducts: total(values.map((y, i) => y * x[i]!)),
        },
      };
    };
    const saves = {
      kind: 'volume',
      arms: Object.fromEntries(arms.map(({ name }, k) => [name, sums(k)])),
    };
    const clicks = {
      kind: 'propensity',
      arms: Object.fromEntries(arms.slice(1).map(({ name }, k) => [name, { lift: 0.01 * k, sem: 0.01 }])),
    };
    const answer = await send({ ...readout, metrics: { saves, clicks } }, [], to);
    expect(answer.status, answer.text).to.equal(201);
    interface Lifts {
      readonly metrics: readonly {
        readonly arms: readonly { readonly lift: number; readonly standardError: number }[];
      }[];
      readonly posterior: object | null;
    }
    const { metrics, posterior } = (await service().get<Lifts>(analyse)).body;
    const [first] = metrics[0]!.arms;
    // θ = 1 leaves e alone, of variance 1/4: (n/4)·Σ(e − ½)² = n/4, over (n − 1)n.
    const variance = 1 / 4 / (n - 1);
    expect(first!.lift).to.be.closeTo(2.5 / 1.5 - 1, 1e-12);
    expect(first!.standardError).to.be.closeTo(
      Math.sqrt(variance * (1 / 1.5 ** 2 + 2.5 ** 2 / 1.5 ** 4)),
      1e-12,
    );
    expect(metrics[1]!.arms.map(({ lift }) => lift)).to.deep.equal([0, 0.01, 0.02]);
    expect(posterior).to.not.equal(null);
  });

  it('are refused with a covariate that the experiment moved, unless that is forced', async () => {
    const { to, readout, arms } = await fresh('read-moved');
    const saves = {
      kind: 'volume',
      arms: Object.fromEntries(
        arms.map(({ name }, k) => [name, apartFromCovariate(k === arms.length - 1 ? 0.5 : 0)] as const),
      ),
    };
    const moved = { ...readout, metrics: { ...readout.metrics, saves } };
    const last = arms.at(-1)!.name;
    const told = expectProblem(
      await send(moved, [], to),
      422,
      'readout_invalid',
      `/readout/metrics/saves/arms/${last}`,
    );
    // z = 0.5/√(2·4/999) = 5.5874
    expect(told.detail).to.match(
      /^has a covariate with a mean of 2\.5, and baseline has 2, p = 2\.3e-8: expected .*\(gate moved_covariate\)$/,
    );
    const forced = await send(moved, ['moved_covariate'], to);
    expect(forced.status, forced.text).to.equal(201);
    expect(forced.body).to.deep.include({ forced: ['moved_covariate'] });
  });

  it('of a later round are in the units of the round before', async () => {
    const { to, readout } = await fresh('read-units');
    expect((await send(readout, [], to)).status).to.equal(201);
    const next = await planRound(service(), 'read-units', { arms: 3 });
    const second = readoutOf(next.arms, 3, 100);
    const path = '/v1/studies/read-units/experiments/2/readouts';
    const told = expectProblem(
      await send(second, [], path),
      422,
      'readout_invalid',
      '/readout/metrics/saves/arms/baseline',
    );
    expect(told.detail).to.match(/expected the units of the round before.*\(gate mixed_units\)/);
  });

  it('of the first round are in the units of the study, where it says what metrics are', async () => {
    const { to, readout, arms } = await fresh('read-said');
    const times = (factor: number) => ({
      ...readout,
      metrics: {
        ...readout.metrics,
        saves: {
          kind: 'volume',
          arms: Object.fromEntries(
            Object.entries(readout.metrics.saves.arms).map(([arm, { mean, sem }]) => [
              arm,
              { mean: factor * mean, sem: factor * sem },
            ]),
          ),
        },
      },
    });
    const told = expectProblem(
      await send(times(100), [], to),
      422,
      'readout_invalid',
      '/readout/metrics/saves/arms/baseline',
    );
    expect(told.detail).to.match(/expected the units of the study, in which it was 1 \(gate mixed_units\)/);
    // Per cent: with a standard deviation of twice the mean and 100,000 users an arm the standard error is 0.009.
    const saves = {
      kind: 'volume',
      arms: Object.fromEntries(arms.slice(1).map(({ name }) => [name, { lift: 0.5, sem: 0.9 }])),
    };
    const percent = { ...readout, metrics: { ...readout.metrics, saves } };
    const answer = await send(percent, [], to);
    expect(answer.status).to.equal(422);
    expect(answer.text).to.contain('a fraction, by the spread of the metric in the study (gate mixed_units)');
    expect((await send(times(2), [], to)).status).to.equal(201);
  });

  it('of arms that are missing, forced, leave the others analysed, and nothing that was not read is shipped', async () => {
    const { to, analyse, readout, arms } = await fresh('read-missing');
    const { 'r1-2': _left, ...read } = readout.metrics.saves.arms;
    const lacking = {
      ...readout,
      metrics: { ...readout.metrics, saves: { ...readout.metrics.saves, arms: read } },
    };
    const forced = await send(lacking, ['missing_arms'], to);
    expect(forced.body.forced).to.deep.equal(['missing_arms']);
    const { body } = await service().get<{
      metrics: { arms: { arm: string }[] }[];
      probabilities: null;
      posterior: { arms: { arm: string; tested: boolean }[] };
    }>(analyse);
    expect(body.metrics[0]!.arms.map(({ arm }) => arm)).to.deep.equal(['r1-1', 'r1-3']);
    expect(body.probabilities).to.equal(null);
    expect(body.posterior.arms.map(({ arm, tested }) => [arm, tested])).to.deep.equal(
      arms.slice(1).map(({ name }) => [name, name !== 'r1-2']),
    );
  });

  it('that no model of relative changes can learn from are analysed by themselves, and it is said why', async () => {
    const { to, analyse, readout } = await fresh('read-zero');
    for (const arm of Object.keys(readout.metrics.saves.arms)) {
      readout.metrics.saves.arms[arm] = { mean: arm === 'baseline' ? -0.001 : 0.001, sem: 0.01 };
    }
    const answer = await send(readout, [], to);
    expect(answer.status, answer.text).to.equal(201);
    const { body } = await service().get<{
      metrics: { scale: string }[];
      posterior: null;
      withoutPosterior: string;
    }>(analyse);
    expect(body.metrics.map(({ scale }) => scale)).to.deep.equal(['difference', 'relative']);
    expect(body.posterior).to.equal(null);
    expect(body.withoutPosterior).to.match(
      /^saves of arm baseline in experiment 1 is -0.001 ± 0.01: expected a mean above 0/,
    );
    expectProblem(
      await service().get('/v1/studies/read-zero/experiments:recommend'),
      422,
      'experiment_invalid',
    );
  });
});
