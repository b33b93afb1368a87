import { expect } from 'chai';
import { computes, scopeNeeded } from '../../src/server/route-rules.ts';
import { exchange, expectProblem } from './exchange.ts';
import { createOnlineStudy, type ExperimentBody, ONLINE_STUDY, planRound, WINDOW } from './online-study.ts';
import { createStudy, RELEVANCE_STUDY } from './relevance-study.ts';
import { NOW, serviceOfThisFile } from './running-service.ts';

const experimentsOf = (study: string): string => `/v1/studies/${study}/experiments`;

const MIDDLE = { fresh: 0.25, close: 0.25, liked: 0.5 };

describe('experiments', () => {
  const service = serviceOfThisFile();

  before(async () => {
    await createOnlineStudy(service(), 'online');
    await createStudy(service(), 'offline');
  });

  const refused: readonly [string, object, string, string | undefined, RegExp][] = [
    ['no window', { arms: 3 }, 'request_invalid', '/window', /is missing/],
    [
      'a window that ends before it starts',
      { window: { start: WINDOW.end, end: WINDOW.start } },
      'request_invalid',
      '/window/end',
      /is 2025-12-01: expected a moment after the start, 2025-12-15/,
    ],
    ['an unknown key', { window: WINDOW, round: 1 }, 'request_invalid', '/round', /^unknown key "round"/],
    ['no arm', { window: WINDOW, arms: 0 }, 'experiment_invalid', '/arms', /^has no arm beside the baseline/],
    [
      'weights by hand that no trial could have',
      { window: WINDOW, handPicked: [{ weights: MIDDLE }, { weights: { ...MIDDLE, liked: 0.6 } }] },
      'weights_invalid',
      '/handPicked/1/weights',
      /sum to 1.1/,
    ],
    [
      'a name by hand twice',
      { window: WINDOW, handPicked: ['x', 'x'].map((name) => ({ name, weights: MIDDLE })) },
      'experiment_invalid',
      '/handPicked/1/name',
      /"x" is the name of another arm/,
    ],
    [
      'a name like those that are given',
      { window: WINDOW, handPicked: [{ name: 'r7-1', weights: MIDDLE }] },
      'experiment_invalid',
      '/handPicked/0/name',
      /"r7-1" is the name of another arm, or like those that are given/,
    ],
    [
      'the name of the baseline',
      { window: WINDOW, handPicked: [{ name: 'baseline', weights: MIDDLE }] },
      'request_invalid',
      '/handPicked/0/name',
      /"baseline" is a reserved word/,
    ],
    [
      'a share of the control that leaves nothing',
      { window: WINDOW, controlShare: 1 },
      'request_invalid',
      '/controlShare',
      /^is 1: expected a number <= 0.999$/,
    ],
    [
      'a filter by models that wait',
      { window: WINDOW, offlineFeasibility: 0.5 },
      'experiment_invalid',
      '/offlineFeasibility',
      /own models wait for more: .*expected none of offlineFeasibility/,
    ],
  ];
  for (const [what, body, code, pointer, detail] of refused) {
    it(`are refused with ${what}`, async () => {
      const answer = await service().post(experimentsOf('online'), body);
      expect(expectProblem(answer, 422, code, pointer).detail).to.match(detail);
    });
  }

  it('are refused for a study that says nothing of them, and for none', async () => {
    const body = { window: WINDOW };
    const answer = await service().post(experimentsOf('offline'), body);
    expect(expectProblem(answer, 422, 'experiment_invalid').detail).to.equal(
      'study "offline" says nothing of experiments: expected online: {metrics, objective} in it',
    );
    expectProblem(await service().post(experimentsOf('nobody'), body), 404, 'study_not_found');
    expectProblem(await service().get(experimentsOf('nobody')), 404, 'study_not_found');
    expect((await service().get(experimentsOf('offline'))).body).to.deep.equal({ experiments: [] });
    for (const number of ['1', '0', '01', 'x', '1e3']) {
      const unknown = await service().get(`${experimentsOf('online')}/${number}`);
      expectProblem(unknown, 404, 'experiment_not_found');
    }
    for (const rest of ['/1/readouts', '/1:export', '/1:analyse']) {
      expectProblem(await service().get(`${experimentsOf('online')}${rest}`), 404, 'experiment_not_found');
    }
  });

  it('have the baseline first, then arms by hand to the digit, then those that are chosen', async () => {
    await createOnlineStudy(service(), 'picked');
    const round = await planRound(service(), 'picked', {
      arms: 2,
      handPicked: [{ name: 'theirs', weights: MIDDLE }, { weights: RELEVANCE_STUDY.baseline.weights }],
      controlShare: 'sharpest',
      merge: {},
    });
    expect(round.arms.map(({ name, kind, generator }) => [name, kind, generator])).to.deep.equal([
      ['baseline', 'baseline', 'baseline'],
      ['theirs', 'hand_picked', 'hand_picked'],
      ['r1-hand-2', 'hand_picked', 'hand_picked'],
      ['r1-1', 'suggested', 'space_filling'],
      ['r1-2', 'suggested', 'space_filling'],
    ]);
    expect(round.arms[1]!.weights).to.deep.equal(MIDDLE);
    // 1/(1 + √4), and the rest alike.
    expect(round.arms[0]!.share).to.be.closeTo(1 / 3, 1e-15);
    for (const { share } of round.arms.slice(1)) expect(share).to.be.closeTo(1 / 6, 1e-15);
    expect(round.provenance.notes).to.deep.equal([
      'no arm is promised by the log: relevance was measured at 0 weights: expected 5 or more',
      'arms were not measured on a log, and none merged: the study has none',
    ]);
  });

  it('choose the same arms by the same seed, and others by another', async () => {
    const chosen: unknown[] = [];
    for (const [name, seed] of [
      ['seed-a', 3],
      ['seed-b', 3],
      ['seed-c', 4],
    ] as const) {
      await createOnlineStudy(service(), name);
      const { arms } = await planRound(service(), name, { seed });
      chosen.push(arms.slice(1).map(({ weights }) => weights));
    }
    expect(chosen[0]).to.deep.equal(chosen[1]);
    expect(chosen[0]).to.not.deep.equal(chosen[2]);
  });

  it('may be asked of the study’s own models, which must hold their arms feasible', async () => {
    await createOnlineStudy(service(), 'filtered', 14);
    const { arms } = await planRound(service(), 'filtered', {
      arms: 4,
      offlineFeasibility: 0.9,
      promised: 0,
    });
    for (const { weights, reason } of arms.slice(1)) {
      // Safety 1 − fresh/2 is kept at 0.9 of the baseline's up to fresh = 0.49997.
      expect(weights['fresh']).to.be.below(0.51);
      expect(reason).to.include('with a P(feasible) of at least 0.9 by the models of the trials');
    }
  });

  it('come one at a time: the round before is read out or ended first', async () => {
    await createOnlineStudy(service(), 'one');
    await planRound(service(), 'one', { name: 'first-of-one' });
    const path = experimentsOf('one');
    const again = expectProblem(await service().post(path, { window: WINDOW }), 409, 'experiment_state');
    expect(again.state).to.equal('planned');
    expect(again.detail).to.equal(
      'experiment 1 was not read out: expected its readout, or its end (:end, or pondera arms --end), before another is planned',
    );
    expectProblem(await service().get(`${path}/1:analyse`), 409, 'experiment_state');
    const started = await service().post<ExperimentBody>(`${path}/1:start`);
    expect(started.body).to.include({ state: 'running', startedAt: NOW, endedAt: null });
    expectProblem(await service().post(`${path}/1:start`), 409, 'experiment_state');
    const ended = await service().post(`${path}/1:end`, { reason: 'a broken switch' });
    expect(ended.body).to.include({ state: 'ended', endedAt: NOW, reason: 'a broken switch' });
    expect(expectProblem(await service().post(`${path}/1:end`), 409, 'experiment_state').detail).to.equal(
      'experiment 1 is ended: expected one that is planned or running or read_out',
    );
    const taken = await service().post(path, { window: WINDOW, name: 'first-of-one' });
    expect(expectProblem(taken, 422, 'experiment_invalid', '/name').detail).to.equal(
      '"first-of-one" is the name of experiment 1 of study "one": expected another',
    );
    const next = await planRound(service(), 'one');
    expect(next).to.include({ number: 2, name: 'one-2' });
  });

  it('are planned once under an Idempotency-Key', async () => {
    await createOnlineStudy(service(), 'keyed');
    const path = experimentsOf('keyed');
    const first = await service().keyed<ExperimentBody>('k', path, { window: WINDOW, arms: 2 });
    const second = await service().keyed<ExperimentBody>('k', path, { window: WINDOW, arms: 2 });
    expect([first.status, second.status]).to.deep.equal([201, 201]);
    expect(first.headers.location).to.equal(`${path}/1`);
    expect(second.headers['idempotency-replayed']).to.equal('true');
    expect(second.body).to.deep.equal(first.body);
    expect((await service().get<{ experiments: unknown[] }>(path)).body.experiments).to.have.lengthOf(1);
  });

  it('are not planned in an archived study', async () => {
    await createOnlineStudy(service(), 'shelved');
    await service().post('/v1/studies/shelved:archive');
    expectProblem(await service().post(experimentsOf('shelved'), { window: WINDOW }), 409, 'study_archived');
  });

  it('are exported for every platform, with more coverage if asked', async () => {
    await createOnlineStudy(service(), 'exported');
    await planRound(service(), 'exported', { arms: 3, coverage: 0.1 });
    const path = `${experimentsOf('exported')}/1:export`;
    const plain = await service().get<{ coverage: number; arms: { arm: string; share: number }[] }>(path);
    expect(plain.body.coverage).to.equal(0.1);
    expect(plain.body.arms.map(({ arm, share }) => [arm, share])).to.deep.equal([
      ['baseline', 0.25],
      ['r1-1', 0.25],
      ['r1-2', 0.25],
      ['r1-3', 0.25],
    ]);
    expect((await service().get<{ coverage: number }>(`${path}?coverage=0.5`)).body.coverage).to.equal(0.5);
    for (const [format, key] of [
      ['growthbook', 'features'],
      ['unleash', 'features'],
      ['launchdarkly', 'flags'],
      ['planout', 'op'],
    ] as const) {
      const answer = await service().get(`${path}?format=${format}&coverage=1`);
      expect(answer.status, answer.text).to.equal(200);
      expect(Object.keys(answer.body as object), format).to.include(key);
    }
    expectProblem(await service().get(`${path}?format=csv`), 422, 'request_invalid', '/format');
    expectProblem(await service().get(`${path}?coverage=2`), 422, 'request_invalid', '/coverage');
    expectProblem(
      await service().get(`${path}?format=unleash&coverage=0.123456`),
      422,
      'experiment_invalid',
      '/coverage',
    );
  });

  it('are planned with what the request says of metrics, else the study, and no gain before a readout', async () => {
    const path = `${experimentsOf('online')}:plan`;
    const body = { unitsPerDay: 1000, days: 10, mostArms: 2 };
    const planned = await service().post<{
      metrics: { name: string; source: string }[];
      withoutGain: string;
    }>(path, { ...body, metrics: { clicks: { mean: 0.5 } } });
    expect(planned.status, planned.text).to.equal(200);
    expect(planned.body.metrics).to.deep.equal([
      { name: 'saves', mean: 1, stddev: 2, source: 'study', relevantEffect: 0.005 },
      { name: 'clicks', mean: 0.5, stddev: 0.5, source: 'request', relevantEffect: null },
    ]);
    expect(planned.body.withoutGain).to.equal(
      'no experiment was read out: what arms gain on live traffic is not known',
    );
    const unknown = await service().post(path, { ...body, metrics: { shares: { mean: 1 } } });
    expectProblem(unknown, 422, 'experiment_invalid', '/metrics/shares');
    expectProblem(await service().post(path, { days: 1 }), 422, 'request_invalid', '/unitsPerDay');
    const { mean: _mean, stddev: _stddev, ...saves } = ONLINE_STUDY.online.metrics.saves;
    await service().post('/v1/studies', {
      ...ONLINE_STUDY,
      name: 'unknown-spread',
      online: { ...ONLINE_STUDY.online, metrics: { ...ONLINE_STUDY.online.metrics, saves } },
    });
    const lacking = await service().post(`${experimentsOf('unknown-spread')}:plan`, body);
    expect(expectProblem(lacking, 422, 'experiment_invalid', '/metrics').detail).to.match(
      /^nothing tells the mean and spread of saves: expected metrics: \{saves: \{mean, stddev\}\}/,
    );
    const units = { a: 1000, b: 1000 };
    const arms = { a: { mean: 2, sem: 0.1 }, b: { mean: 2, sem: 0.1 } };
    const readout = { window: WINDOW, units, metrics: { saves: { kind: 'volume', arms } } };
    const fromReadout = await service().post<{ metrics: object[]; unplanned: string[] }>(
      `${experimentsOf('unknown-spread')}:plan`,
      { ...body, readout },
    );
    // 0.1·√1000 in either arm.
    expect(fromReadout.body.metrics[0]).to.deep.include({ name: 'saves', mean: 2, source: 'readout' });
    expect((fromReadout.body.metrics[0] as { stddev: number }).stddev).to.be.closeTo(Math.sqrt(10), 1e-12);
  });

  it('let what is found online change until they are planned for it', async () => {
    const online = { ...ONLINE_STUDY.online, rounds: 3 };
    await createOnlineStudy(service(), 'patched');
    const patch = async (changed: object | null) =>
      exchange(service().address, 'PATCH', '/v1/studies/patched', {
        headers: { 'content-type': 'application/json', 'if-match': '*' },
        body: JSON.stringify({ online: changed }),
      });
    const guardrails = ['clicks >= 0.9 * baseline'];
    expect((await patch({ ...online, guardrails })).status).to.equal(200);
    expect((await patch(ONLINE_STUDY.online)).status).to.equal(200);
    await planRound(service(), 'patched');
    expect((await patch(online)).status, 'more rounds').to.equal(200);
    const told = expectProblem(
      await patch({ ...online, guardrails }),
      409,
      'study_changed',
      '/online/guardrails',
    );
    expect(told.detail).to.equal(
      'study "patched" has experiments, whose arms were chosen for its online.guardrails: expected the same',
    );
    expectProblem(await patch(null), 409, 'study_changed', '/online');
    const { saves: _saves, ...metrics } = online.metrics;
    expectProblem(await patch({ ...online, metrics }), 422, 'study_invalid', '/online/objective');
    const kinds = { ...online.metrics, clicks: { kind: 'volume' } };
    expectProblem(await patch({ ...online, metrics: kinds }), 409, 'study_changed', '/online/metrics/clicks');
  });

  it('need the scopes that they should, and count as computing where they do', async () => {
    const path = '/v1/studies/a/experiments';
    expect(scopeNeeded('POST', path)).to.equal('write');
    expect(scopeNeeded('POST', `${path}/1/readouts`)).to.equal('write');
    expect(scopeNeeded('POST', `${path}/1:end`)).to.equal('write');
    expect(scopeNeeded('POST', `${path}:plan`)).to.equal('read');
    expect(scopeNeeded('GET', `${path}:recommend`)).to.equal('read');
    for (const computing of [`${path}:plan`, `${path}:recommend`, `${path}/1:analyse`]) {
      expect(computes(computing, 'GET'), computing).to.equal(true);
    }
    expect(computes(path, 'POST')).to.equal(true);
    expect(computes(path, 'GET')).to.equal(false);
    expect(computes(`${path}/1/readouts`, 'POST')).to.equal(false);
    for (const [method, rest] of [
      ['DELETE', ''],
      ['GET', ':plan'],
      ['POST', ':recommend'],
      ['POST', '/1'],
      ['POST', '/1:export'],
      ['GET', '/1:end'],
      ['DELETE', '/1/readouts'],
    ] as const) {
      const answer = await exchange(service().address, method, `/v1/studies/online/experiments${rest}`);
      expectProblem(answer, 405, 'method_not_allowed');
    }
  });
});
