/** How far the log can be trusted. */
export const KINDS = ['trustworthy', 'misleading', 'useless'] as const;

export type Kind = (typeof KINDS)[number];

/** Uniform between both ends. */
export type Range = readonly [number, number];

/** What differs between the kinds; `README.md` beside this file has the reasons. */
export interface KindPrior {
  /** Share of logged requests whose slate and order were drawn at random. */
  readonly exploration: Range;
  /** Standard deviation of each head's errors, in logits. */
  readonly headNoise: Range;
  /** The same of the long-click head alone, whose labels are the rarest and the latest. */
  readonly longClickNoise: Range;
  /** Share of that variance that all heads have in common. */
  readonly sharedError: Range;
  /** How much a unit of bait lifts the click and long-click heads above the truth, in logits. */
  readonly baitBias: Range;
  /** How much a positive label of the log lifts the head that was trained on it, in logits; by head. */
  readonly leak: readonly [Range, Range, Range, Range];
  /** Weights that a team thought of, of which its earlier experiments kept the best as its hand-picked ones. */
  readonly handPicked: number;
  /** Whether the log's labels are of the rows that they stand in; else a join has mixed them up. */
  readonly labels: 'of their rows' | 'of other rows';
  /** A head's labels are drawn anew until the correlation of its metric, log against truth, is at most so large; 1 takes all. */
  readonly mostCorrelation: number;
}

export const KIND_PRIORS: Readonly<Record<Kind, KindPrior>> = {
  trustworthy: {
    exploration: [1, 1],
    headNoise: [0.3, 0.8],
    longClickNoise: [0.3, 0.8],
    sharedError: [0, 0.4],
    baitBias: [0, 0.2],
    leak: [
      [0, 0],
      [0, 0],
      [0, 0],
      [0, 0],
    ],
    handPicked: 3,
    labels: 'of their rows',
    mostCorrelation: 1,
  },
  misleading: {
    exploration: [0, 0.05],
    headNoise: [0.3, 0.8],
    longClickNoise: [1.2, 1.8],
    sharedError: [0.3, 0.7],
    baitBias: [1, 2],
    leak: [
      [0, 0.3],
      [0, 0.3],
      [2, 3],
      [0, 0.3],
    ],
    handPicked: 40,
    labels: 'of their rows',
    mostCorrelation: 1,
  },
  useless: {
    exploration: [1, 1],
    headNoise: [0.3, 0.8],
    longClickNoise: [0.3, 0.8],
    sharedError: [0, 0.4],
    baitBias: [0, 0.5],
    leak: [
      [0, 0],
      [0, 0],
      [0, 0],
      [0, 0],
    ],
    handPicked: 3,
    labels: 'of other rows',
    mostCorrelation: 0.3,
  },
};

/** What all kinds have in common. */
export const COMMON_PRIOR = {
  users: 400,
  requestsOfUser: 4,
  candidates: 16,
  /** Slots of a slate, and examination r^−γ at slot r. */
  slots: 6,
  examinationDecay: [0.5, 1] as Range,
  /** Requests of a user in one experiment: log-normal with this mean and standard deviation of the logarithm. */
  meanRequests: 6,
  requestsSpread: 0.9,
  /** Standard deviation of a user's logit of any engagement, and of a request's intent to save and to stay. */
  userSpread: 0.5,
  intentSpread: 0.6,
  /** Standard deviation of what a world adds to each loading. */
  loadingSpread: 0.25,
  /** Share of a head's engagements that arrives before an experiment is read. */
  maturity: [
    [0.98, 1],
    [0.85, 0.97],
    [0.95, 1],
    [0.9, 1],
  ] as readonly Range[],
  /** Engagements without a cause in the ranking (misattributed, bots), as a share of the baseline's. */
  spurious: [0, 0.05] as Range,
  /** Standard deviation of the logarithm of what a round multiplies every arm's metric by. */
  drift: 0.03,
  /** Users of each arm of an experiment, log-uniform. */
  usersOfArm: [8_000, 30_000] as Range,
  logRequests: 2500,
  logSlots: 8,
} as const;

/** Logit of an engagement with an examined item: intercept, then loadings on appeal, usefulness, bait, intent and user. */
export const LOADINGS: readonly (readonly [number, number, number, number, number, number])[] = [
  [-1.7, 0.9, 0.2, 0.7, 0, 1],
  [-3.2, 0.1, 0.9, -0.3, 0.6, 0.7],
  [-0.9, -0.2, 0.8, -1, 0.3, 0.2],
  [-3.2, -0.3, -0.5, 0.9, 0, 0.5],
];
