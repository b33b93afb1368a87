import { expect } from 'chai';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keptRaces } from '../../../bench/online/kept-races.ts';
import type { RaceAnswer } from '../../../bench/online/race.ts';

const outcome = { lift: 0.01, violates: false, regret: 0.02 };
const answer: RaceAnswer = {
  check: { correlations: [0.9, 0.8, 0.7, 0.6], optimumLift: 0.03, offlineLift: -0.1, offlineViolates: true },
  outcomes: { handpicked: outcome, offline: outcome, random: outcome, online: outcome, ours: outcome },
};
const job = { kind: 'useless', seed: 7 } as const;

describe('keptRaces', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kept-races-'));
    file = join(folder, 'races.jsonl');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('gives back what it kept, of the same kind and seed alone', () => {
    const kept = keptRaces(file);
    expect(kept.of(job)).to.equal(undefined);
    kept.keep(job, answer);
    const again = keptRaces(file);
    expect(again.of(job)).to.deep.equal(answer);
    expect(again.of({ ...job, seed: 8 })).to.equal(undefined);
    expect(again.of({ ...job, kind: 'misleading' })).to.equal(undefined);
  });

  it('leaves out a line that was broken off, and goes on after the ones before it', () => {
    keptRaces(file).keep(job, answer);
    appendFileSync(file, '{"job":{"kind":"usel');
    const kept = keptRaces(file);
    kept.keep({ ...job, seed: 8 }, answer);
    expect(keptRaces(file).of(job)).to.deep.equal(answer);
    expect(keptRaces(file).of({ ...job, seed: 8 })).to.deep.equal(answer);
    expect(readFileSync(file, 'utf8').split('\n')).to.have.lengthOf(3);
  });

  it('refuses a file of something else, and keeps nothing without a file', () => {
    writeFileSync(file, 'kind,seed\n');
    expect(() => keptRaces(file)).to.throw('races.jsonl:1 is no race');
    const none = keptRaces(undefined);
    none.keep(job, answer);
    expect(none.of(job)).to.equal(undefined);
  });
});
