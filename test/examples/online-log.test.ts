import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import { generateOnlineLog } from '../../examples/online/generate.ts';
import { simulateExperiment } from '../../examples/online/simulate-experiment.ts';
import { surface } from '../../examples/online/surface.ts';
import { HEADS } from '../../bench/online/world/heads.ts';
import { armOf } from '../../src/online/export/bucket-ranges.ts';
import { plainPayload } from '../../src/online/export/plain-json.ts';

const WEIGHTS = { click: 0.22, save: 0.46, long_click: 0.23, hide: 0.09 };
const BOLD = { click: 0.1, save: 0.2, long_click: 0.2, hide: 0.5 };
const USERS = 30_000;

describe('the surface of the walk-through', function () {
  this.timeout(60_000);

  it('ships the log that its generator writes', () => {
    const path = fileURLToPath(new URL('../../../examples/online/impressions.csv.gz', import.meta.url));
    const packed = readFileSync(path);
    expect(packed.length).to.be.lessThan(200_000);
    expect(gunzipSync(packed).toString() === generateOnlineLog()).to.equal(true);
  });

  it('deals users as the export says, and counts what is true of the arms', () => {
    const world = surface();
    const allocation = {
      experiment: 'e-1',
      seed: 'e-1',
      coverage: 0.9,
      arms: [
        { name: 'baseline', weights: WEIGHTS, share: 0.5 },
        { name: 'bold', weights: BOLD, share: 0.5 },
      ],
    };
    const users = [...simulateExperiment(world, plainPayload(allocation), USERS)];
    for (const { id, arm } of users.slice(0, 2000)) {
      expect(arm).to.equal(allocation.arms[armOf(allocation, id)!]!.name);
    }
    // Binomial, 4 standard errors.
    expect(users.length / USERS).to.be.closeTo(0.9, 4 * Math.sqrt((0.9 * 0.1) / USERS));
    for (const { name, weights } of allocation.arms) {
      const ofArm = users.filter(({ arm }) => arm === name);
      const truth = world.truth(HEADS.map((head) => weights[head]));
      HEADS.forEach((head, t) => {
        const values = ofArm.map(({ counts }) => counts[t]!);
        const found = mean(values);
        const variance = mean(values.map((value) => (value - found) ** 2));
        // What has arrived, in a season of a few per cent.
        const expected = truth[t]! * world.parameters.maturity[t]!;
        expect(found, `${name} ${head}`).to.be.closeTo(
          expected,
          0.12 * expected + 4 * Math.sqrt(variance / values.length),
        );
      });
    }
    const [before, counted] = (['before', 'counts'] as const).map((when) =>
      users.map((user) => user[when][0]!),
    );
    expect(correlation(before!, counted!)).to.be.greaterThan(0.5);
  });
});

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const [ma, mb] = [mean(a), mean(b)];
  const product = mean(a.map((value, i) => (value - ma) * (b[i]! - mb)));
  return (
    product / Math.sqrt(mean(a.map((value) => (value - ma) ** 2)) * mean(b.map((value) => (value - mb) ** 2)))
  );
}
