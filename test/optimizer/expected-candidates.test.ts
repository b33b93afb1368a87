import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { nextCandidate } from '../../bench/races/run-study.ts';
import { openComputePool } from '../../src/service/compute-pool.ts';
import { nextCandidates } from '../../src/service/next-candidates.ts';
import { pinnedCandidates, type PinnedCandidates } from './pinned-studies.ts';

type Candidates = Readonly<Record<string, PinnedCandidates>>;

const EXPECTED = fileURLToPath(new URL('../../../test/optimizer/expected-candidates.json', import.meta.url));
const PRINT = fileURLToPath(new URL('./print-pinned-candidates.js', import.meta.url));

/** Fails at the first trial of a study that differs, and says by how much its weights do. */
function expectSame(found: Candidates, expected: Candidates): void {
  expect(Object.keys(found)).to.deep.equal(Object.keys(expected));
  for (const [study, candidates] of Object.entries(expected)) {
    candidates.forEach((candidate, i) => {
      const other = found[study]![i]!;
      const differences = Object.entries(candidate.weights).map(([name, weight]) =>
        Math.abs(other.weights[name]! - weight),
      );
      const most = Math.max(...differences);
      const hint = `${study}, trial ${i + 1}: weights differ by ${most}; CONTRIBUTING.md says how to write them down anew`;
      expect(other, hint).to.deep.equal(candidate);
    });
  }
}

describe('the candidates of the pinned studies', () => {
  let here: Candidates;

  before(async () => {
    here = await pinnedCandidates(nextCandidate);
  });

  it('are to the bit those that are written down, on every machine and version of Node', () => {
    expectSame(here, JSON.parse(readFileSync(EXPECTED, 'utf8')) as Candidates);
  });

  it('are the same in a process of its own', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [PRINT]);
    expectSame(JSON.parse(stdout) as Candidates, here);
  });

  for (const workers of [1, 3]) {
    it(`are the same with ${workers} workers`, async () => {
      const pool = openComputePool(workers);
      try {
        const found = await pinnedCandidates(async (definition, trials) => {
          const [candidate] = await nextCandidates(pool, definition, trials, 1);
          return candidate!;
        });
        expectSame(found, here);
      } finally {
        await pool.close();
      }
    });
  }
});
