import { RELEVANCE_STUDY } from './relevance-study.ts';

/** The studies that requests are about. */
export const FUZZ_STUDIES = ['fuzz', 'fuzz-noisy', 'fuzz-derived', 'fuzz-several'] as const;

/** Those that operations which take something away are about, by operation. */
export const NAMES_OF_STUDIES: Readonly<Record<string, readonly string[]>> = {
  deleteStudy: ['doomed-1', 'doomed-2', 'doomed-3'],
  archiveStudy: ['doomed-1', 'fuzz-derived'],
  unarchiveStudy: ['doomed-1', 'fuzz-derived', 'fuzz-derived'],
  paretoSet: ['fuzz', 'fuzz-several', 'fuzz-several'],
};

const { objective, ...RELEVANCE_REST } = { ...RELEVANCE_STUDY, budget: 6, initialTrials: 3 };

export const SEVERAL_OBJECTIVES = {
  objective: undefined,
  objectives: [objective, 'minimize safety'],
  referencePoint: { safety: 2 },
};

const DERIVED = {
  derived: { worth: 'relevance + 0.5 * safety', loss: { coefficients: { safety: -1 }, constant: 1 } },
  objective: 'maximize worth',
};
const { weights } = RELEVANCE_STUDY.baseline;
const metrics = { relevance: { mean: 0.5, sem: 0.1 }, safety: 0.75 };
const exact = { relevance: 0.5, safety: 0.75 };
const lacking = { relevance: 0.25, safety: null };

/** Bodies that the studies take, by operation; of others, the example of the document is the only one. */
export const FUZZ_BODIES: Readonly<Record<string, readonly unknown[]>> = {
  createStudy: [
    { ...RELEVANCE_REST, objective },
    { ...RELEVANCE_REST, ...SEVERAL_OBJECTIVES },
    { ...RELEVANCE_REST, ...DERIVED },
  ],
  patchStudy: [{ budget: 20, confidence: 0.9, description: 'x' }, { description: null }],
  predict: [{ weights: [weights] }],
  suggestTrials: [
    { count: 1 },
    { count: 2, clientId: 'ann', leaseSeconds: 60, fixed: { fresh: 0.25 } },
    { clientId: 'bob' },
  ],
  attachTrial: [
    { weights, note: 'x' },
    { weights: { fresh: 0.5, close: 0.25, liked: 0.25 }, metrics: exact },
    { replicateOf: 0, metrics },
    { replicateOf: 1 },
  ],
  importTrials: [
    { weights, metrics: exact },
    { weights, metrics: { ...metrics, safety: { mean: 0.5, sem: 0.1, n: 40 } } },
  ],
  completeTrial: [{ metrics }, { metrics: exact }, { metrics: lacking }],
  correctTrial: [
    { metrics: exact, reason: 'recounted' },
    { metrics, reason: 'recounted' },
  ],
  heartbeat: [{}, { clientId: 'ann', leaseSeconds: 60 }],
};
