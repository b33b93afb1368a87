import { nextCandidate } from '../../bench/races/run-study.ts';
import { pinnedCandidates } from './pinned-studies.ts';

/** Prints what `expected-candidates.json` holds, as this version and machine find it. */
process.stdout.write(`${JSON.stringify(await pinnedCandidates(nextCandidate), null, 2)}\n`);
