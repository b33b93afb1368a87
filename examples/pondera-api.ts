// Types of the REST interface but readouts:import, which takes files, made from its OpenAPI document: test/examples/print-client-types.ts makes this file anew.

/** A problem document (RFC 9457). */
export type Problem = {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  /** What was found and what is expected. */
  readonly detail: string;
  /** Where the first of `errors` lies. */
  readonly pointer?: string;
  /** All that is wrong with the body, up to 20. */
  readonly errors?: readonly {
    /** RFC 6901; empty for the body as a whole. */
    readonly pointer: string;
    readonly detail: string;
  }[];
  /** The state that the trial or the sweep is in. */
  readonly state?: string;
  /** The line of an import that is wrong, from 1 on; pointers are within it. */
  readonly line?: number;
  /** How many trials an import has stored before it ended. */
  readonly imported?: number;
};

export type Study = {
  readonly id: string;
  /** ISO 8601, in UTC. */
  readonly createdAt: string;
  readonly description: string | null;
  /** Null while the study is worked on. */
  readonly archivedAt: string | null;
  readonly definition: StoredDefinition;
};

/** The study as it was read: what was written as text is structured, defaults are filled in. Where a log lies is not told. */
export type StoredDefinition = {
  readonly name: string;
  readonly weights: Readonly<
    Record<
      string,
      {
        readonly min: number;
        readonly max: number;
      }
    >
  >;
  readonly sum?: number;
  readonly constraints: readonly {
    readonly coefficients: Readonly<Record<string, number>>;
    readonly relation: '<=' | '>=' | '==';
    readonly bound: number;
  }[];
  readonly derived?: Readonly<
    Record<
      string,
      {
        readonly coefficients: Readonly<Record<string, number>>;
        readonly constant: number;
      }
    >
  >;
  readonly objective?: {
    readonly metric: string;
    readonly direction?: 'maximize' | 'minimize';
  };
  readonly objectives?: readonly {
    readonly metric: string;
    readonly direction?: 'maximize' | 'minimize';
  }[];
  readonly referencePoint?: Readonly<Record<string, number>>;
  readonly guardrails: readonly {
    readonly metric: string;
    readonly relation: '>=' | '<=';
    readonly factor: number;
    readonly offset: number;
  }[];
  readonly guardrailMargin?: number;
  readonly holdout?: {
    readonly share: number;
    readonly by?: 'user' | 'request' | 'time';
  };
  readonly confidence?: number;
  readonly baseline?:
    | {
        readonly weights: Readonly<Record<string, number>>;
      }
    | {
        readonly scoreColumn: string;
      }
    | {
        readonly metrics: Readonly<Record<string, number>>;
      };
  readonly heads?: Readonly<
    Record<
      string,
      {
        readonly score: string;
        readonly label: string;
        readonly maxGrade?: number;
        readonly negativeKeepRate: number;
        readonly calibration?: 'none' | 'beta' | 'isotonic';
        readonly sign: 1 | -1;
      }
    >
  >;
  readonly log?: {
    readonly dataset?: string;
    readonly request: string;
    readonly weight?: string;
    readonly segment?: string;
    readonly examination?: string;
    readonly user?: string;
    readonly timestamp?: string;
    readonly position?: string;
    readonly displayPropensity?: string;
    readonly examinationCurve?: readonly number[];
    readonly form?: 'rows' | 'histogram';
    readonly bins?: number;
    readonly nullScores: 'refuse' | 'drop';
  };
  readonly metrics: Readonly<
    Record<
      string,
      {
        readonly noise?: 'none' | 'known' | 'inferred';
        readonly direction?: 'maximize' | 'minimize';
      }
    >
  >;
  readonly report?: readonly string[];
  readonly online?: {
    readonly metrics: Readonly<
      Record<
        string,
        {
          readonly kind: 'propensity' | 'volume';
          readonly offline?: string;
          readonly relevantEffect?: number;
          readonly mean?: number;
          readonly stddev?: number;
        }
      >
    >;
    readonly objective: {
      readonly metric: string;
      readonly direction?: 'maximize' | 'minimize';
    };
    readonly guardrails: readonly {
      readonly metric: string;
      readonly relation: '>=' | '<=';
      readonly factor: number;
      readonly offset: number;
    }[];
    readonly rounds: number;
  };
  readonly budget?: number;
  readonly initialTrials?: number;
  readonly seed: number;
  readonly step?: number;
};

/** What to optimise, over which weights, under which constraints. */
export type StudyDefinition = {
  readonly name: string;
  readonly weights: Readonly<
    Record<
      string,
      | readonly [number, number]
      | {
          readonly min: number;
          readonly max: number;
        }
    >
  >;
  readonly sum?: number;
  readonly constraints?: readonly (
    | string
    | {
        readonly coefficients: Readonly<Record<string, number>>;
        readonly relation: '<=' | '>=' | '==';
        readonly bound: number;
      }
  )[];
  readonly derived?: Readonly<
    Record<
      string,
      | string
      | {
          readonly coefficients: Readonly<Record<string, number>>;
          readonly constant?: number;
        }
    >
  >;
  readonly objective?:
    | string
    | {
        readonly metric: string;
        readonly direction?: 'maximize' | 'minimize';
      };
  readonly objectives?: readonly (
    | string
    | {
        readonly metric: string;
        readonly direction?: 'maximize' | 'minimize';
      }
  )[];
  readonly referencePoint?: Readonly<Record<string, number>>;
  readonly guardrails?: readonly (
    | string
    | {
        readonly metric: string;
        readonly relation: '>=' | '<=';
        readonly factor: number;
        readonly offset: number;
      }
  )[];
  readonly guardrailMargin?: number;
  readonly holdout?: {
    readonly share: number;
    readonly by?: 'user' | 'request' | 'time';
  };
  readonly confidence?: number;
  readonly baseline?:
    | {
        readonly weights: Readonly<Record<string, number>>;
      }
    | {
        readonly scoreColumn: string;
      }
    | {
        readonly metrics: Readonly<Record<string, number>>;
      };
  readonly heads?: Readonly<
    Record<
      string,
      {
        readonly score: string;
        readonly label: string;
        readonly maxGrade?: number;
        readonly negativeKeepRate?: number;
        readonly calibration?: 'none' | 'beta' | 'isotonic';
        readonly sign?: 1 | -1;
      }
    >
  >;
  readonly log?: {
    readonly path?: string | readonly string[];
    readonly dataset?: string;
    readonly request: string;
    readonly weight?: string;
    readonly segment?: string;
    readonly examination?: string;
    readonly user?: string;
    readonly timestamp?: string;
    readonly position?: string;
    readonly displayPropensity?: string;
    readonly examinationCurve?: readonly number[];
    readonly form?: 'rows' | 'histogram';
    readonly bins?: number;
    readonly nullScores?: 'refuse' | 'drop';
  };
  readonly metrics?: Readonly<
    Record<
      string,
      {
        readonly noise?: 'none' | 'known' | 'inferred';
        readonly direction?: 'maximize' | 'minimize';
      }
    >
  >;
  readonly report?: readonly string[];
  readonly online?: {
    readonly metrics: Readonly<
      Record<
        string,
        {
          readonly kind: 'propensity' | 'volume';
          readonly offline?: string;
          readonly relevantEffect?: number;
          readonly mean?: number;
          readonly stddev?: number;
        }
      >
    >;
    readonly objective:
      | string
      | {
          readonly metric: string;
          readonly direction?: 'maximize' | 'minimize';
        };
    readonly guardrails?: readonly (
      | string
      | {
          readonly metric: string;
          readonly relation: '>=' | '<=';
          readonly factor: number;
          readonly offset: number;
        }
    )[];
    readonly rounds?: number;
  };
  readonly budget?: number;
  readonly initialTrials?: number;
  readonly seed?: number;
  readonly step?: number;
};

export type StudyReport = {
  readonly study: string;
  readonly seed: number;
  readonly budget: number | null;
  /** Of the candidates alone: the baseline counts for none of them. */
  readonly counts: {
    readonly completed: number;
    /** Those whose lease lasts. */
    readonly running: number;
    readonly failed: number;
    readonly infeasible: number;
    /** Completed ones that count as feasible, by the rule that the best trial is chosen by: as observed, or, where metrics have noise, with the study’s confidence. Null while bounds are unknown. */
    readonly feasible: number | null;
  };
  /** Why there is neither a best trial nor a Pareto set yet; null where there is one. */
  readonly waitingFor: string | null;
  /** The best feasible trial, or the one nearest to feasibility where `feasible` is false; null before any, where every noisy trial’s own observation clearly violates a guardrail, and with several objectives. */
  readonly best: TrialReport | null;
  /** Of a study with several objectives alone; null before any trial is measured. */
  readonly pareto?: ParetoReport | null;
};

export type TrialReport = {
  readonly number: number;
  readonly weights: Readonly<Record<string, number>>;
  /** Why this trial: `non-dominated` for those of a Pareto set. */
  readonly rule:
    'best-feasible' | 'least-violating' | 'best-posterior-mean' | 'most-probably-feasible' | 'non-dominated';
  readonly feasible: boolean;
  /** Whether its objective, of several each, is better than the baseline’s; null where that is not known. */
  readonly beatsBaseline: boolean | null;
  /** By name: the objectives, the guardrails’ metrics, then the others sorted; derived ones among them. */
  readonly metrics: Readonly<Record<string, MetricReport>>;
  readonly guardrails: readonly GuardrailReport[];
};

/** A metric at a trial beside the baseline: both as measured where the metric has no noise, else both by the posterior mean. */
export type MetricReport = {
  readonly direction: 'maximize' | 'minimize';
  readonly baseline: number | null;
  readonly value: number;
  /** What the model makes of all trials at these weights; null where metrics have no noise. */
  readonly posterior: {
    readonly mean: number;
    readonly stddev: number;
  } | null;
  /** As it was measured; sem is the standard error of the value, null where it is not known. */
  readonly observed: {
    readonly value: number;
    readonly sem: number | null;
    readonly baseline: number | null;
    /** Where the value surely lies, of a log in the histogram form. */
    readonly bounds?: {
      readonly lower: number;
      readonly upper: number;
    };
  };
  /** value − baseline. */
  readonly change: number | null;
  /** (value − baseline)/|baseline|. */
  readonly relativeChange: number | null;
  /** Paired standard error of the change, where one log measured both; else null. */
  readonly changeSem: number | null;
  /** The same of the relative change, by the delta method. */
  readonly relativeChangeSem: number | null;
  /** Where the change surely lies, of a log in the histogram form. */
  readonly changeBounds?: {
    readonly lower: number;
    readonly upper: number;
  };
  readonly relativeChangeBounds?: {
    readonly lower: number;
    readonly upper: number;
  };
};

export type GuardrailReport = {
  readonly guardrail: string;
  readonly metric: string;
  readonly relation: '>=' | '<=';
  readonly bound: number;
  readonly value: number;
  /** Negative where the guardrail is violated, in the metric’s units. */
  readonly slack: number;
  /** Standard error of the slack on the log, and how much of it the slack must reach; null without a margin. */
  readonly margin: {
    readonly sem: number | null;
    readonly margin: number;
  } | null;
  /** Whether the slack is at least its margin, or 0 where there is none. */
  readonly met: boolean;
  readonly binds: boolean;
  /** P(slack ≥ 0) under the model, 1 or 0 where only other metrics have noise; null where none has. */
  readonly probability: number | null;
};

export type ParetoReport = {
  /** Of the trials above the reference point, in the product of the objectives’ units. */
  readonly hypervolume: number;
  /** By objective, in its units: the study’s, else inferred from the trials. */
  readonly referencePoint: Readonly<Record<string, number>>;
  /** The feasible trials that none other dominates, best in the first objective first. */
  readonly trials: readonly TrialReport[];
  /** While there is none of those, the trial nearest to feasibility; else null. */
  readonly nearest: TrialReport | null;
};

export type ModelReport = {
  readonly study: string;
  /** Completed trials with weights, which the models learn from. */
  readonly observations: number;
  /** What has to come before models can be fitted, in words; null where they are. */
  readonly waitingFor: string | null;
  /** One model a metric that steers the study, the objectives first; empty while they wait. */
  readonly metrics: Readonly<Record<string, MetricModelReport>>;
};

export type MetricModelReport = {
  readonly kernel: 'matern52' | 'rbf';
  readonly observations: number;
  /** On how many of them the hyperparameters were fitted. */
  readonly fittedOn: number;
  /** How many of them were outliers, taken to the edge of the others. */
  readonly winsorized: number;
  /** By weight, without those that are fixed. */
  readonly lengthscales: Readonly<
    Record<
      string,
      {
        /** In the weight’s units: over such a distance, all else equal, the metric’s values lose much of their correlation. */
        readonly lengthscale: number;
        readonly inUnitCube: number;
        /** (1/ℓ_k)/Σ_j (1/ℓ_j), ℓ in the unit cube: the weight’s share of how fast the metric can change. */
        readonly importance: number;
      }
    >
  >;
  readonly noise: {
    /** Measured exactly, with a standard error (or bounds) each, without any, or some with and some without. */
    readonly kind: 'none' | 'known' | 'inferred' | 'mixed';
    /** Median of the standard errors that were given, or of those that bounds stand for; null where there are none. */
    readonly medianSem: number | null;
    /** What the model infers of observations without one; null where there are none. */
    readonly inferredStddev: number | null;
  };
  /** How well the model foretells each observation from all others, hyperparameters fixed. */
  readonly leaveOneOut: {
    /** 1 − Σ(y − ŷ)²/Σ(y − ȳ)²; null where the metric is constant. */
    readonly rSquared: number | null;
    /** Spearman’s, of outputs and predictions; null where either is constant. */
    readonly rankCorrelation: number | null;
    /** How many outputs lie inside their central interval of each nominal level. */
    readonly coverage: readonly {
      readonly level: number;
      readonly inside: number;
      readonly share: number;
    }[];
    /** Mean log predictive density of outputs of mean 0 and variance 1: −1.42 for one who guesses just that. */
    readonly standardizedLogDensity: number;
  };
};

export type StudyPrediction = {
  readonly study: string;
  /** Completed trials with weights, which the models learn from. */
  readonly observations: number;
  /** What has to come before models can be fitted, in words; null where they are. */
  readonly waitingFor: string | null;
  /** One a point, in their order; empty while the models wait. */
  readonly predictions: readonly {
    readonly predictions: Readonly<
      Record<
        string,
        {
          readonly mean: number;
          readonly stddev: number;
        }
      >
    >;
    readonly feasibility: readonly {
      readonly guardrail: string;
      readonly probability: number;
    }[];
    /** ∏ P(guardrail met), taken as independent; 1 without guardrails. */
    readonly probabilityFeasible: number;
    readonly weights: Readonly<Record<string, number>>;
  }[];
};

/** One entry of a study’s log. */
export type StudyEvent = {
  readonly sequence: number;
  readonly at: string;
  readonly actor: string;
  readonly kind:
    | 'study_created'
    | 'study_changed'
    | 'study_archived'
    | 'study_unarchived'
    | 'study_deleted'
    | 'trial_suggested'
    | 'trial_handed_out'
    | 'trial_attached'
    | 'trials_imported'
    | 'trial_completed'
    | 'trial_failed'
    | 'trial_infeasible'
    | 'trial_abandoned'
    | 'trial_voided'
    | 'trial_corrected'
    | 'trial_noted'
    | 'sweep_queued'
    | 'sweep_started'
    | 'sweep_paused'
    | 'sweep_resumed'
    | 'sweep_interrupted'
    | 'sweep_cancelled'
    | 'sweep_completed'
    | 'sweep_failed'
    | 'experiment_created'
    | 'experiment_started'
    | 'experiment_ended'
    | 'readout_imported';
  readonly trial: number | null;
  readonly payload: Readonly<Record<string, unknown>>;
};

export type Trial = {
  /** 0 is the baseline; candidates are numbered from 1. */
  readonly number: number;
  readonly state: 'running' | 'completed' | 'failed' | 'infeasible' | 'abandoned' | 'voided';
  /** Null for a baseline that is a logged score or given metric values. */
  readonly weights: Readonly<Record<string, number>> | null;
  /** What was measured; empty until the trial is completed. */
  readonly metrics: Readonly<
    Record<
      string,
      {
        readonly mean: number;
        /** Standard error of the mean; null where it is not known. */
        readonly sem: number | null;
        /** Of how many units or impressions it is the mean. */
        readonly n?: number;
        /** Paired standard error of mean − the baseline’s mean, where one log measured both. */
        readonly changeSem?: number;
        /** Where the metric surely lies, of a log in the histogram form. */
        readonly bounds?: {
          readonly lower: number;
          readonly upper: number;
        };
      }
    >
  >;
  readonly provenance: Provenance;
  readonly clientId: string | null;
  /** Null where the trial waits for ever. */
  readonly leaseExpiresAt: string | null;
  /** Why it failed, is infeasible, was voided or corrected. */
  readonly reason: string | null;
  /** ISO 8601, in UTC. */
  readonly createdAt: string;
  readonly completedAt: string | null;
};

/** How the candidate came about: enough to explain it and to make it again. */
export type Provenance = {
  readonly generator:
    | 'baseline'
    | 'attached'
    | 'replicate'
    | 'space_filling'
    | 'log_constrained_expected_improvement'
    | 'log_expected_improvement'
    | 'noisy_log_expected_improvement'
    | 'noisy_log_expected_hypervolume_improvement'
    | 'log_probability_of_feasibility'
    | 'log_feasibility_weighted_improvement';
  readonly reason: string;
  readonly replicateOf?: number;
  readonly note?: string;
  readonly acquisitionValue: number | null;
  readonly feasibility: readonly {
    readonly guardrail: string;
    readonly probability: number;
  }[];
  readonly predictions: Readonly<
    Record<
      string,
      {
        readonly mean: number;
        readonly stddev: number;
      }
    >
  >;
  readonly nearestTrialDistance: number | null;
  readonly hyperparameters: Readonly<Record<string, unknown>>;
};

/** A trial that was measured. */
export type ImportLine = {
  readonly weights: Readonly<Record<string, number>>;
  readonly metrics: Readonly<
    Record<
      string,
      | number
      | {
          readonly mean: number;
          readonly sem?: number | null;
          readonly n?: number;
        }
      | null
    >
  >;
  readonly note?: string;
};

export type TrialExplanation = {
  readonly generator:
    | 'baseline'
    | 'attached'
    | 'replicate'
    | 'space_filling'
    | 'log_constrained_expected_improvement'
    | 'log_expected_improvement'
    | 'noisy_log_expected_improvement'
    | 'noisy_log_expected_hypervolume_improvement'
    | 'log_probability_of_feasibility'
    | 'log_feasibility_weighted_improvement';
  readonly reason: string;
  readonly replicateOf?: number;
  readonly note?: string;
  readonly acquisitionValue: number | null;
  readonly nearestTrialDistance: number | null;
  readonly number: number;
  readonly state: 'running' | 'completed' | 'failed' | 'infeasible' | 'abandoned' | 'voided';
  readonly weights: Readonly<Record<string, number>> | null;
  /** Who asked for it and when; null where the log has no entry of its own for it. */
  readonly asked: {
    readonly at: string;
    readonly actor: string;
  } | null;
  /** The trials that it was chosen by: all events until `after`, and those that counted as running; null for others. */
  readonly basis: unknown;
  /** Empty where no model chose it. */
  readonly predictions: readonly {
    readonly metric: string;
    readonly mean: number;
    readonly stddev: number;
    readonly observed: {
      readonly mean: number;
      readonly sem: number | null;
    } | null;
    /** (observed − mean)/√(stddev² + sem²), sem 0 where it is not known; null where nothing is observed or all of it is exact. */
    readonly standardScore: number | null;
  }[];
  readonly guardrails: readonly {
    readonly guardrail: string;
    readonly probability: number;
    /** Whether it holds surely, or not, or binds: its bound lies within 1.96 stddev of what was foretold. */
    readonly foretold: 'met' | 'binding' | 'violated';
    /** By how much the observed value meets it, without a margin; negative where it violates it; null where it is not known. */
    readonly slack: number | null;
  }[];
};

export type Note = {
  /** From 1 on, of its trial. */
  readonly number: number;
  readonly at: string;
  readonly author: string;
  readonly text: string;
};

/** What is asked of a round. */
export type ExperimentRequest = {
  readonly name?: string;
  readonly arms?: number;
  readonly handPicked?: readonly {
    readonly name?: string;
    readonly weights: Readonly<Record<string, number>>;
  }[];
  readonly window: {
    readonly start: string;
    readonly end: string;
  };
  readonly units?: number;
  readonly coverage?: number;
  readonly controlShare?: ('equal' | 'sharpest') | number;
  readonly unit?: string;
  readonly seed?: number;
  readonly generator?: 'noisy_expected_improvement' | 'thompson';
  readonly promised?: number;
  readonly offlineFeasibility?: number;
  /** Whether arms are measured on the log of the study, where there is one, and merged. */
  readonly measure?: boolean;
  readonly merge?: {
    /** Of Kendall’s τ; 1 merges none. */
    readonly above?: number;
    /** Places in which rankings are compared. */
    readonly cutoff?: number;
  };
};

/** What each operation takes and answers. */
export interface Operations {
  /** Create a study. */
  'POST /v1/studies': {
    readonly header?: { readonly 'Idempotency-Key'?: string };
    readonly body: StudyDefinition;
    readonly answer: Study;
  };
  /** List studies by name, a page at a time. */
  'GET /v1/studies': {
    readonly query?: {
      readonly pageSize?: number;
      readonly pageToken?: string;
      readonly archived?: 'true' | 'false';
    };
    readonly answer: {
      readonly studies: readonly Study[];
      /** `pageToken` of the page after this one; null where this is the last. */
      readonly nextPageToken: string | null;
    };
  };
  /** Read a study. */
  'GET /v1/studies/{id}': { readonly path: { readonly id: string }; readonly answer: Study };
  /** Change budget, confidence, description or online; null takes one away. */
  'PATCH /v1/studies/{id}': {
    readonly path: { readonly id: string };
    readonly header: { readonly 'If-Match': string };
    readonly body?: {
      readonly budget?: number | null;
      readonly confidence?: number | null;
      readonly description?: string | null;
      readonly online?: {
        readonly metrics: Readonly<
          Record<
            string,
            {
              readonly kind: 'propensity' | 'volume';
              readonly offline?: string;
              readonly relevantEffect?: number;
              readonly mean?: number;
              readonly stddev?: number;
            }
          >
        >;
        readonly objective:
          | string
          | {
              readonly metric: string;
              readonly direction?: 'maximize' | 'minimize';
            };
        readonly guardrails?: readonly (
          | string
          | {
              readonly metric: string;
              readonly relation: '>=' | '<=';
              readonly factor: number;
              readonly offset: number;
            }
        )[];
        readonly rounds?: number;
      } | null;
    };
    readonly answer: Study;
  };
  /** Delete a study. Its name stays taken. */
  'DELETE /v1/studies/{id}': {
    readonly path: { readonly id: string };
    readonly header?: { readonly 'If-Match'?: string };
    readonly answer: undefined;
  };
  /** Hide a study from lists, and have it take no new trials. */
  'POST /v1/studies/{id}:archive': {
    readonly path: { readonly id: string };
    readonly header?: { readonly 'Idempotency-Key'?: string };
    readonly body?: Record<string, never>;
    readonly answer: Study;
  };
  /** Undo archiving. */
  'POST /v1/studies/{id}:unarchive': {
    readonly path: { readonly id: string };
    readonly header?: { readonly 'Idempotency-Key'?: string };
    readonly body?: Record<string, never>;
    readonly answer: Study;
  };
  /** What was found so far. */
  'GET /v1/studies/{id}:report': { readonly path: { readonly id: string }; readonly answer: StudyReport };
  /** The models, and how well they foretell each observation from the others. */
  'GET /v1/studies/{id}/model': { readonly path: { readonly id: string }; readonly answer: ModelReport };
  /** What the models foretell at given weights. */
  'POST /v1/studies/{id}:predict': {
    readonly path: { readonly id: string };
    readonly header?: { readonly 'Idempotency-Key'?: string };
    readonly body: {
      readonly weights: readonly Readonly<Record<string, number>>[];
    };
    readonly answer: StudyPrediction;
  };
  /** Who did what and when, enough to make every suggestion again. */
  'GET /v1/studies/{id}/events': {
    readonly path: { readonly id: string };
    readonly query?: { readonly pageSize?: number; readonly pageToken?: number };
    readonly answer: {
      readonly events: readonly StudyEvent[];
      /** `pageToken` of the page after this one; null where this is the last. */
      readonly nextPageToken: string | null;
    };
  };
  /** The next trials to measure, the baseline (trial 0) first. */
  'POST /v1/studies/{id}/trials:suggest': {
    readonly path: { readonly id: string };
    readonly header?: { readonly 'Idempotency-Key'?: string };
    readonly body?: {
      readonly count?: number;
      readonly clientId?: string;
      readonly leaseSeconds?: number;
      readonly fixed?: Readonly<Record<string, number>>;
    };
    readonly answer: {
      readonly trials: readonly Trial[];
    };
  };
  /** List trials, a page at a time. */
  'GET /v1/studies/{id}/trials': {
    readonly path: { readonly id: string };
    readonly query?: {
      readonly pageSize?: number;
      readonly pageToken?: string;
      readonly order?: string;
      readonly state?: 'running' | 'completed' | 'failed' | 'infeasible' | 'abandoned' | 'voided';
      readonly generator?:
        | 'baseline'
        | 'attached'
        | 'replicate'
        | 'space_filling'
        | 'log_constrained_expected_improvement'
        | 'log_expected_improvement'
        | 'noisy_log_expected_improvement'
        | 'noisy_log_expected_hypervolume_improvement'
        | 'log_probability_of_feasibility'
        | 'log_feasibility_weighted_improvement';
      readonly clientId?: string;
    };
    readonly answer: {
      readonly trials: readonly Trial[];
      /** `pageToken` of the page after this one; null where this is the last. */
      readonly nextPageToken: string | null;
    };
  };
  /** Attach a trial of your own, running unless metrics are given. */
  'POST /v1/studies/{id}/trials': {
    readonly path: { readonly id: string };
    readonly header?: { readonly 'Idempotency-Key'?: string };
    readonly body: {
      readonly weights?: Readonly<Record<string, number>>;
      readonly replicateOf?: number;
      readonly metrics?: Readonly<
        Record<
          string,
          | number
          | {
              readonly mean: number;
              readonly sem?: number | null;
              readonly n?: number;
            }
          | null
        >
      >;
      readonly note?: string;
    };
    readonly answer: Trial;
  };
  /** Attach many measured trials, one a line. */
  'POST /v1/studies/{id}/trials:import': {
    readonly path: { readonly id: string };
    readonly header?: { readonly 'Idempotency-Key'?: string };
    readonly body: string;
    readonly answer: {
      readonly imported: number;
      /** The number of the first trial that was stored. */
      readonly first: number;
      readonly last: number;
    };
  };
  /** All trials by number, as lines. */
  'GET /v1/studies/{id}/trials:export': {
    readonly path: { readonly id: string };
    readonly query?: {
      readonly format?: 'ndjson' | 'csv';
      readonly state?: 'running' | 'completed' | 'failed' | 'infeasible' | 'abandoned' | 'voided';
      readonly generator?:
        | 'baseline'
        | 'attached'
        | 'replicate'
        | 'space_filling'
        | 'log_constrained_expected_improvement'
        | 'log_expected_improvement'
        | 'noisy_log_expected_improvement'
        | 'noisy_log_expected_hypervolume_improvement'
        | 'log_probability_of_feasibility'
        | 'log_feasibility_weighted_improvement';
      readonly clientId?: string;
    };
    readonly answer: string;
  };
  /** The best trial, of a study with one objective. */
  'GET /v1/studies/{id}/trials:best': {
    readonly path: { readonly id: string };
    readonly answer: {
      readonly trial: Trial | null;
      readonly feasible: boolean | null;
      readonly rule:
        | (
            | 'best-feasible'
            | 'least-violating'
            | 'best-posterior-mean'
            | 'most-probably-feasible'
            | 'non-dominated'
          )
        | null;
    };
  };
  /** The Pareto set, of a study with several objectives. */
  'GET /v1/studies/{id}/trials:pareto': {
    readonly path: { readonly id: string };
    readonly answer: {
      readonly trials: readonly Trial[];
      readonly hypervolume: number | null;
      readonly referencePoint: Readonly<Record<string, number>> | null;
    };
  };
  /** Read a trial. */
  'GET /v1/studies/{id}/trials/{number}': {
    readonly path: { readonly id: string; readonly number: number };
    readonly answer: Trial;
  };
  /** Why a trial was chosen, what was foretold, and what came of it. */
  'GET /v1/studies/{id}/trials/{number}:explain': {
    readonly path: { readonly id: string; readonly number: number };
    readonly answer: TrialExplanation;
  };
  /** The notes of a trial, oldest first. */
  'GET /v1/studies/{id}/trials/{number}/notes': {
    readonly path: { readonly id: string; readonly number: number };
    readonly answer: {
      readonly notes: readonly Note[];
    };
  };
  /** Write something beside a trial. */
  'POST /v1/studies/{id}/trials/{number}/notes': {
    readonly path: { readonly id: string; readonly number: number };
    readonly header?: { readonly 'Idempotency-Key'?: string };
    readonly body: {
      readonly text: string;
    };
    readonly answer: Note;
  };
  /** Say what was measured. */
  'POST /v1/studies/{id}/trials/{number}:complete': {
    readonly path: { readonly id: string; readonly number: number };
    readonly header?: { readonly 'Idempotency-Key'?: string };
    readonly body: {
      readonly metrics: Readonly<
        Record<
          string,
          | number
          | {
              readonly mean: number;
              readonly sem?: number | null;
              readonly n?: number;
            }
          | null
        >
      >;
    };
    readonly answer: Trial;
  };
  /** The evaluation broke: uses the budget, and its weights are not proposed again. */
  'POST /v1/studies/{id}/trials/{number}:fail': {
    readonly path: { readonly id: string; readonly number: number };
    readonly header?: { readonly 'Idempotency-Key'?: string };
    readonly body?: {
      readonly reason?: string;
    };
    readonly answer: Trial;
  };
  /** These weights cannot be evaluated: uses the budget, and they are not proposed again. */
  'POST /v1/studies/{id}/trials/{number}:infeasible': {
    readonly path: { readonly id: string; readonly number: number };
    readonly header?: { readonly 'Idempotency-Key'?: string };
    readonly body?: {
      readonly reason?: string;
    };
    readonly answer: Trial;
  };
  /** Nobody will measure it: as if it had never been. */
  'POST /v1/studies/{id}/trials/{number}:abandon': {
    readonly path: { readonly id: string; readonly number: number };
    readonly header?: { readonly 'Idempotency-Key'?: string };
    readonly body?: Record<string, never>;
    readonly answer: Trial;
  };
  /** Extend the lease of a running trial. */
  'POST /v1/studies/{id}/trials/{number}:heartbeat': {
    readonly path: { readonly id: string; readonly number: number };
    readonly header?: { readonly 'Idempotency-Key'?: string };
    readonly body?: {
      readonly clientId?: string;
      readonly leaseSeconds?: number;
    };
    readonly answer: Trial;
  };
  /** The result, or the failure, is not to count. */
  'POST /v1/studies/{id}/trials/{number}:void': {
    readonly path: { readonly id: string; readonly number: number };
    readonly header?: { readonly 'Idempotency-Key'?: string };
    readonly body: {
      readonly reason: string;
    };
    readonly answer: Trial;
  };
  /** The result was wrong and is known now; the event log keeps both. */
  'POST /v1/studies/{id}/trials/{number}:correct': {
    readonly path: { readonly id: string; readonly number: number };
    readonly header?: { readonly 'Idempotency-Key'?: string };
    readonly body: {
      readonly metrics: Readonly<
        Record<
          string,
          | number
          | {
              readonly mean: number;
              readonly sem?: number | null;
              readonly n?: number;
            }
          | null
        >
      >;
      readonly reason: string;
    };
    readonly answer: Trial;
  };
  /** List registered datasets by name, a page at a time. */
  'GET /v1/datasets': {
    readonly query?: { readonly pageSize?: number; readonly pageToken?: string };
    readonly answer: {
      readonly datasets: readonly {
        readonly id: string;
        readonly fingerprint: string;
        readonly bytes: number;
        readonly rows: number;
        readonly requests: {
          readonly column: string;
          readonly count: number;
        } | null;
        readonly columns: readonly {
          readonly name: string;
          readonly type: string;
        }[];
        readonly createdAt: string;
      }[];
      readonly nextPageToken: string | null;
    };
  };
  /** Read what a dataset holds. */
  'GET /v1/datasets/{dataset}': {
    readonly path: { readonly dataset: string };
    readonly answer: {
      readonly id: string;
      readonly fingerprint: string;
      readonly bytes: number;
      readonly rows: number;
      readonly requests: {
        readonly column: string;
        readonly count: number;
      } | null;
      readonly columns: readonly {
        readonly name: string;
        readonly type: string;
      }[];
      readonly createdAt: string;
    };
  };
  /** Have the service run the trials of a study on its dataset. */
  'POST /v1/studies/{id}:sweep': {
    readonly path: { readonly id: string };
    readonly header?: { readonly 'Idempotency-Key'?: string };
    readonly body?: {
      readonly trials?: number;
      readonly threads?: number;
    };
    readonly answer: {
      readonly study: string;
      readonly run: number;
      readonly state: 'queued' | 'running' | 'paused' | 'interrupted' | 'completed' | 'cancelled' | 'failed';
      readonly phase: ('starting' | 'reading' | 'trials') | null;
      readonly dataset: string;
      readonly trials: {
        readonly completed: number;
        readonly budget: number;
      };
      readonly incumbent:
        | (
            | {
                readonly trial: number;
                readonly feasible: boolean;
                readonly metric: string;
                readonly value: number;
              }
            | {
                readonly paretoTrials: number;
                readonly hypervolume: number;
              }
          )
        | null;
      readonly seconds: number;
      readonly secondsLeft: number | null;
      readonly threads: number;
      readonly startedBy: string;
      readonly queuedAt: string;
      readonly endedAt: string | null;
      readonly problem: {
        readonly code: string;
        readonly detail: string;
      } | null;
      readonly findings: {
        readonly holdout?: unknown;
        readonly samples?: unknown;
        readonly disagreements: readonly unknown[];
      } | null;
    };
  };
  /** How the latest sweep of a study stands. */
  'GET /v1/studies/{id}/sweep': {
    readonly path: { readonly id: string };
    readonly answer: {
      readonly study: string;
      readonly run: number;
      readonly state: 'queued' | 'running' | 'paused' | 'interrupted' | 'completed' | 'cancelled' | 'failed';
      readonly phase: ('starting' | 'reading' | 'trials') | null;
      readonly dataset: string;
      readonly trials: {
        readonly completed: number;
        readonly budget: number;
      };
      readonly incumbent:
        | (
            | {
                readonly trial: number;
                readonly feasible: boolean;
                readonly metric: string;
                readonly value: number;
              }
            | {
                readonly paretoTrials: number;
                readonly hypervolume: number;
              }
          )
        | null;
      readonly seconds: number;
      readonly secondsLeft: number | null;
      readonly threads: number;
      readonly startedBy: string;
      readonly queuedAt: string;
      readonly endedAt: string | null;
      readonly problem: {
        readonly code: string;
        readonly detail: string;
      } | null;
      readonly findings: {
        readonly holdout?: unknown;
        readonly samples?: unknown;
        readonly disagreements: readonly unknown[];
      } | null;
    };
  };
  /** The events of the study and how its sweep stands, as server-sent events. */
  'GET /v1/studies/{id}/sweep:events': {
    readonly path: { readonly id: string };
    readonly header?: { readonly 'Last-Event-ID'?: string };
    readonly answer: string;
  };
  /** Have it wait for `:resume`. */
  'POST /v1/studies/{id}/sweep:pause': {
    readonly path: { readonly id: string };
    readonly header?: { readonly 'Idempotency-Key'?: string };
    readonly body?: Record<string, never>;
    readonly answer: {
      readonly study: string;
      readonly run: number;
      readonly state: 'queued' | 'running' | 'paused' | 'interrupted' | 'completed' | 'cancelled' | 'failed';
      readonly phase: ('starting' | 'reading' | 'trials') | null;
      readonly dataset: string;
      readonly trials: {
        readonly completed: number;
        readonly budget: number;
      };
      readonly incumbent:
        | (
            | {
                readonly trial: number;
                readonly feasible: boolean;
                readonly metric: string;
                readonly value: number;
              }
            | {
                readonly paretoTrials: number;
                readonly hypervolume: number;
              }
          )
        | null;
      readonly seconds: number;
      readonly secondsLeft: number | null;
      readonly threads: number;
      readonly startedBy: string;
      readonly queuedAt: string;
      readonly endedAt: string | null;
      readonly problem: {
        readonly code: string;
        readonly detail: string;
      } | null;
      readonly findings: {
        readonly holdout?: unknown;
        readonly samples?: unknown;
        readonly disagreements: readonly unknown[];
      } | null;
    };
  };
  /** Have a paused or interrupted one go on. */
  'POST /v1/studies/{id}/sweep:resume': {
    readonly path: { readonly id: string };
    readonly header?: { readonly 'Idempotency-Key'?: string };
    readonly body?: Record<string, never>;
    readonly answer: {
      readonly study: string;
      readonly run: number;
      readonly state: 'queued' | 'running' | 'paused' | 'interrupted' | 'completed' | 'cancelled' | 'failed';
      readonly phase: ('starting' | 'reading' | 'trials') | null;
      readonly dataset: string;
      readonly trials: {
        readonly completed: number;
        readonly budget: number;
      };
      readonly incumbent:
        | (
            | {
                readonly trial: number;
                readonly feasible: boolean;
                readonly metric: string;
                readonly value: number;
              }
            | {
                readonly paretoTrials: number;
                readonly hypervolume: number;
              }
          )
        | null;
      readonly seconds: number;
      readonly secondsLeft: number | null;
      readonly threads: number;
      readonly startedBy: string;
      readonly queuedAt: string;
      readonly endedAt: string | null;
      readonly problem: {
        readonly code: string;
        readonly detail: string;
      } | null;
      readonly findings: {
        readonly holdout?: unknown;
        readonly samples?: unknown;
        readonly disagreements: readonly unknown[];
      } | null;
    };
  };
  /** End it; its trials stay. */
  'POST /v1/studies/{id}/sweep:cancel': {
    readonly path: { readonly id: string };
    readonly header?: { readonly 'Idempotency-Key'?: string };
    readonly body?: Record<string, never>;
    readonly answer: {
      readonly study: string;
      readonly run: number;
      readonly state: 'queued' | 'running' | 'paused' | 'interrupted' | 'completed' | 'cancelled' | 'failed';
      readonly phase: ('starting' | 'reading' | 'trials') | null;
      readonly dataset: string;
      readonly trials: {
        readonly completed: number;
        readonly budget: number;
      };
      readonly incumbent:
        | (
            | {
                readonly trial: number;
                readonly feasible: boolean;
                readonly metric: string;
                readonly value: number;
              }
            | {
                readonly paretoTrials: number;
                readonly hypervolume: number;
              }
          )
        | null;
      readonly seconds: number;
      readonly secondsLeft: number | null;
      readonly threads: number;
      readonly startedBy: string;
      readonly queuedAt: string;
      readonly endedAt: string | null;
      readonly problem: {
        readonly code: string;
        readonly detail: string;
      } | null;
      readonly findings: {
        readonly holdout?: unknown;
        readonly samples?: unknown;
        readonly disagreements: readonly unknown[];
      } | null;
    };
  };
  /** For 1, 2, … arms, the effect that each can show, and what the models expect to gain. */
  'POST /v1/studies/{id}/experiments:plan': {
    readonly path: { readonly id: string };
    readonly header?: { readonly 'Idempotency-Key'?: string };
    readonly body: {
      readonly unitsPerDay: number;
      readonly days: number;
      readonly mostArms?: number;
      readonly control?: ('equal' | 'sharpest') | number;
      readonly correction?: 'none' | 'bonferroni' | 'dunnett';
      readonly alpha?: number;
      readonly power?: number;
      readonly metrics?: Readonly<
        Record<
          string,
          {
            readonly mean?: number;
            readonly stddev?: number;
            readonly relevantEffect?: number;
          }
        >
      >;
      readonly readout?: {
        readonly window?: {
          readonly start: string;
          readonly end: string;
        };
        readonly maturesAt?: string;
        readonly units: Readonly<Record<string, number>>;
        readonly metrics: Readonly<
          Record<
            string,
            {
              readonly kind: 'propensity' | 'volume';
              readonly adjusted?: boolean;
              readonly arms: Readonly<
                Record<
                  string,
                  | {
                      readonly mean: number;
                      readonly sem: number;
                      readonly n?: number;
                    }
                  | {
                      readonly n: number;
                      readonly sum: number;
                      readonly sumOfSquares: number;
                      readonly covariate?: {
                        readonly sum: number;
                        readonly sumOfSquares: number;
                        readonly sumOfProducts: number;
                      };
                    }
                  | {
                      readonly lift: number;
                      readonly sem: number;
                      readonly n?: number;
                    }
                >
              >;
            }
          >
        >;
      };
      readonly generator?: 'noisy_expected_improvement' | 'thompson';
    };
    readonly answer: {
      readonly study: string;
      readonly metrics: readonly {
        readonly name: string;
        readonly mean: number;
        readonly stddev: number;
        readonly relevantEffect: number | null;
        readonly source: 'request' | 'readout' | 'last experiment' | 'study';
      }[];
      readonly unplanned: readonly string[];
      readonly plans: readonly {
        readonly arms: number;
        readonly controlUnits: number;
        readonly armUnits: number;
        readonly critical: number;
        readonly metrics: readonly {
          readonly name: string;
          readonly absolute: number;
          readonly relative: number | null;
          readonly relevant: boolean | null;
        }[];
        readonly gain: {
          readonly mean: number;
          readonly standardError: number;
        } | null;
      }[];
      readonly needed: readonly {
        readonly arms: number;
        readonly units: Readonly<Record<string, number>>;
        readonly days: number | null;
      }[];
      readonly armsThatFit: number;
      readonly armsThatGain: number | null;
      readonly withoutGain: string | null;
    };
  };
  /** Plan the next round: the baseline, hand-picked arms and those that the study chooses. */
  'POST /v1/studies/{id}/experiments': {
    readonly path: { readonly id: string };
    readonly header?: { readonly 'Idempotency-Key'?: string };
    readonly body: ExperimentRequest;
    readonly answer: {
      readonly study: string;
      readonly number: number;
      readonly name: string;
      readonly state: 'planned' | 'running' | 'read_out' | 'ended';
      readonly window: {
        readonly start: string;
        readonly end: string;
      };
      readonly units: number | null;
      readonly coverage: number;
      readonly unit: string | null;
      readonly arms: readonly {
        readonly name: string;
        readonly weights: Readonly<Record<string, number>>;
        readonly share: number;
        readonly kind: 'baseline' | 'suggested' | 'hand_picked';
        readonly generator:
          | 'baseline'
          | 'hand_picked'
          | 'space_filling'
          | 'promised_by_log'
          | 'noisy_expected_improvement'
          | 'thompson';
        readonly reason: string;
        readonly offline: Readonly<Record<string, number>> | null;
      }[];
      readonly provenance: {
        readonly seed: number;
        readonly request: {
          readonly name?: string;
          readonly arms: number;
          readonly handPicked: readonly {
            readonly name?: string;
            readonly weights: Readonly<Record<string, number>>;
          }[];
          readonly window: {
            readonly start: string;
            readonly end: string;
          };
          readonly units?: number;
          readonly coverage: number;
          readonly controlShare: ('equal' | 'sharpest') | number;
          readonly unit?: string;
          readonly seed?: number;
          readonly generator: 'noisy_expected_improvement' | 'thompson';
          readonly promised: number;
          readonly offlineFeasibility?: number;
          /** Whether arms are measured on the log of the study, where there is one, and merged. */
          readonly measure: boolean;
          readonly merge?: {
            /** Of Kendall’s τ; 1 merges none. */
            readonly above: number;
            /** Places in which rankings are compared. */
            readonly cutoff: number;
          };
        };
        readonly readouts: readonly {
          readonly experiment: number;
          readonly revision: number;
        }[];
        readonly trials: readonly number[];
        readonly spreads: Readonly<Record<string, number>> | null;
        readonly after: number;
        readonly merged: readonly {
          readonly name: string;
          readonly into: string;
          readonly agreement: number;
        }[];
        readonly notes: readonly string[];
      };
      readonly createdBy: string;
      readonly createdAt: string;
      readonly startedAt: string | null;
      readonly endedAt: string | null;
      readonly reason: string | null;
    };
  };
  /** All rounds, oldest first. */
  'GET /v1/studies/{id}/experiments': {
    readonly path: { readonly id: string };
    readonly answer: {
      readonly experiments: readonly {
        readonly study: string;
        readonly number: number;
        readonly name: string;
        readonly state: 'planned' | 'running' | 'read_out' | 'ended';
        readonly window: {
          readonly start: string;
          readonly end: string;
        };
        readonly units: number | null;
        readonly coverage: number;
        readonly unit: string | null;
        readonly arms: readonly {
          readonly name: string;
          readonly weights: Readonly<Record<string, number>>;
          readonly share: number;
          readonly kind: 'baseline' | 'suggested' | 'hand_picked';
          readonly generator:
            | 'baseline'
            | 'hand_picked'
            | 'space_filling'
            | 'promised_by_log'
            | 'noisy_expected_improvement'
            | 'thompson';
          readonly reason: string;
          readonly offline: Readonly<Record<string, number>> | null;
        }[];
        readonly provenance: {
          readonly seed: number;
          readonly request: {
            readonly name?: string;
            readonly arms: number;
            readonly handPicked: readonly {
              readonly name?: string;
              readonly weights: Readonly<Record<string, number>>;
            }[];
            readonly window: {
              readonly start: string;
              readonly end: string;
            };
            readonly units?: number;
            readonly coverage: number;
            readonly controlShare: ('equal' | 'sharpest') | number;
            readonly unit?: string;
            readonly seed?: number;
            readonly generator: 'noisy_expected_improvement' | 'thompson';
            readonly promised: number;
            readonly offlineFeasibility?: number;
            /** Whether arms are measured on the log of the study, where there is one, and merged. */
            readonly measure: boolean;
            readonly merge?: {
              /** Of Kendall’s τ; 1 merges none. */
              readonly above: number;
              /** Places in which rankings are compared. */
              readonly cutoff: number;
            };
          };
          readonly readouts: readonly {
            readonly experiment: number;
            readonly revision: number;
          }[];
          readonly trials: readonly number[];
          readonly spreads: Readonly<Record<string, number>> | null;
          readonly after: number;
          readonly merged: readonly {
            readonly name: string;
            readonly into: string;
            readonly agreement: number;
          }[];
          readonly notes: readonly string[];
        };
        readonly createdBy: string;
        readonly createdAt: string;
        readonly startedAt: string | null;
        readonly endedAt: string | null;
        readonly reason: string | null;
      }[];
    };
  };
  /** Read an experiment: arms with who chose them and why. */
  'GET /v1/studies/{id}/experiments/{number}': {
    readonly path: { readonly id: string; readonly number: number };
    readonly answer: {
      readonly study: string;
      readonly number: number;
      readonly name: string;
      readonly state: 'planned' | 'running' | 'read_out' | 'ended';
      readonly window: {
        readonly start: string;
        readonly end: string;
      };
      readonly units: number | null;
      readonly coverage: number;
      readonly unit: string | null;
      readonly arms: readonly {
        readonly name: string;
        readonly weights: Readonly<Record<string, number>>;
        readonly share: number;
        readonly kind: 'baseline' | 'suggested' | 'hand_picked';
        readonly generator:
          | 'baseline'
          | 'hand_picked'
          | 'space_filling'
          | 'promised_by_log'
          | 'noisy_expected_improvement'
          | 'thompson';
        readonly reason: string;
        readonly offline: Readonly<Record<string, number>> | null;
      }[];
      readonly provenance: {
        readonly seed: number;
        readonly request: {
          readonly name?: string;
          readonly arms: number;
          readonly handPicked: readonly {
            readonly name?: string;
            readonly weights: Readonly<Record<string, number>>;
          }[];
          readonly window: {
            readonly start: string;
            readonly end: string;
          };
          readonly units?: number;
          readonly coverage: number;
          readonly controlShare: ('equal' | 'sharpest') | number;
          readonly unit?: string;
          readonly seed?: number;
          readonly generator: 'noisy_expected_improvement' | 'thompson';
          readonly promised: number;
          readonly offlineFeasibility?: number;
          /** Whether arms are measured on the log of the study, where there is one, and merged. */
          readonly measure: boolean;
          readonly merge?: {
            /** Of Kendall’s τ; 1 merges none. */
            readonly above: number;
            /** Places in which rankings are compared. */
            readonly cutoff: number;
          };
        };
        readonly readouts: readonly {
          readonly experiment: number;
          readonly revision: number;
        }[];
        readonly trials: readonly number[];
        readonly spreads: Readonly<Record<string, number>> | null;
        readonly after: number;
        readonly merged: readonly {
          readonly name: string;
          readonly into: string;
          readonly agreement: number;
        }[];
        readonly notes: readonly string[];
      };
      readonly createdBy: string;
      readonly createdAt: string;
      readonly startedAt: string | null;
      readonly endedAt: string | null;
      readonly reason: string | null;
    };
  };
  /** Say that it runs. */
  'POST /v1/studies/{id}/experiments/{number}:start': {
    readonly path: { readonly id: string; readonly number: number };
    readonly header?: { readonly 'Idempotency-Key'?: string };
    readonly body?: Record<string, never>;
    readonly answer: {
      readonly study: string;
      readonly number: number;
      readonly name: string;
      readonly state: 'planned' | 'running' | 'read_out' | 'ended';
      readonly window: {
        readonly start: string;
        readonly end: string;
      };
      readonly units: number | null;
      readonly coverage: number;
      readonly unit: string | null;
      readonly arms: readonly {
        readonly name: string;
        readonly weights: Readonly<Record<string, number>>;
        readonly share: number;
        readonly kind: 'baseline' | 'suggested' | 'hand_picked';
        readonly generator:
          | 'baseline'
          | 'hand_picked'
          | 'space_filling'
          | 'promised_by_log'
          | 'noisy_expected_improvement'
          | 'thompson';
        readonly reason: string;
        readonly offline: Readonly<Record<string, number>> | null;
      }[];
      readonly provenance: {
        readonly seed: number;
        readonly request: {
          readonly name?: string;
          readonly arms: number;
          readonly handPicked: readonly {
            readonly name?: string;
            readonly weights: Readonly<Record<string, number>>;
          }[];
          readonly window: {
            readonly start: string;
            readonly end: string;
          };
          readonly units?: number;
          readonly coverage: number;
          readonly controlShare: ('equal' | 'sharpest') | number;
          readonly unit?: string;
          readonly seed?: number;
          readonly generator: 'noisy_expected_improvement' | 'thompson';
          readonly promised: number;
          readonly offlineFeasibility?: number;
          /** Whether arms are measured on the log of the study, where there is one, and merged. */
          readonly measure: boolean;
          readonly merge?: {
            /** Of Kendall’s τ; 1 merges none. */
            readonly above: number;
            /** Places in which rankings are compared. */
            readonly cutoff: number;
          };
        };
        readonly readouts: readonly {
          readonly experiment: number;
          readonly revision: number;
        }[];
        readonly trials: readonly number[];
        readonly spreads: Readonly<Record<string, number>> | null;
        readonly after: number;
        readonly merged: readonly {
          readonly name: string;
          readonly into: string;
          readonly agreement: number;
        }[];
        readonly notes: readonly string[];
      };
      readonly createdBy: string;
      readonly createdAt: string;
      readonly startedAt: string | null;
      readonly endedAt: string | null;
      readonly reason: string | null;
    };
  };
  /** Say that it is over: it takes no more readouts. */
  'POST /v1/studies/{id}/experiments/{number}:end': {
    readonly path: { readonly id: string; readonly number: number };
    readonly header?: { readonly 'Idempotency-Key'?: string };
    readonly body?: {
      readonly reason?: string;
    };
    readonly answer: {
      readonly study: string;
      readonly number: number;
      readonly name: string;
      readonly state: 'planned' | 'running' | 'read_out' | 'ended';
      readonly window: {
        readonly start: string;
        readonly end: string;
      };
      readonly units: number | null;
      readonly coverage: number;
      readonly unit: string | null;
      readonly arms: readonly {
        readonly name: string;
        readonly weights: Readonly<Record<string, number>>;
        readonly share: number;
        readonly kind: 'baseline' | 'suggested' | 'hand_picked';
        readonly generator:
          | 'baseline'
          | 'hand_picked'
          | 'space_filling'
          | 'promised_by_log'
          | 'noisy_expected_improvement'
          | 'thompson';
        readonly reason: string;
        readonly offline: Readonly<Record<string, number>> | null;
      }[];
      readonly provenance: {
        readonly seed: number;
        readonly request: {
          readonly name?: string;
          readonly arms: number;
          readonly handPicked: readonly {
            readonly name?: string;
            readonly weights: Readonly<Record<string, number>>;
          }[];
          readonly window: {
            readonly start: string;
            readonly end: string;
          };
          readonly units?: number;
          readonly coverage: number;
          readonly controlShare: ('equal' | 'sharpest') | number;
          readonly unit?: string;
          readonly seed?: number;
          readonly generator: 'noisy_expected_improvement' | 'thompson';
          readonly promised: number;
          readonly offlineFeasibility?: number;
          /** Whether arms are measured on the log of the study, where there is one, and merged. */
          readonly measure: boolean;
          readonly merge?: {
            /** Of Kendall’s τ; 1 merges none. */
            readonly above: number;
            /** Places in which rankings are compared. */
            readonly cutoff: number;
          };
        };
        readonly readouts: readonly {
          readonly experiment: number;
          readonly revision: number;
        }[];
        readonly trials: readonly number[];
        readonly spreads: Readonly<Record<string, number>> | null;
        readonly after: number;
        readonly merged: readonly {
          readonly name: string;
          readonly into: string;
          readonly agreement: number;
        }[];
        readonly notes: readonly string[];
      };
      readonly createdBy: string;
      readonly createdAt: string;
      readonly startedAt: string | null;
      readonly endedAt: string | null;
      readonly reason: string | null;
    };
  };
  /** The arms as flag data of a platform. */
  'GET /v1/studies/{id}/experiments/{number}:export': {
    readonly path: { readonly id: string; readonly number: number };
    readonly query?: {
      readonly format?: 'json' | 'growthbook' | 'unleash' | 'launchdarkly' | 'planout';
      readonly coverage?: number;
    };
    readonly answer: Record<string, never>;
  };
  /** Store what was measured. The last readout counts; the same again is none (200). */
  'POST /v1/studies/{id}/experiments/{number}/readouts': {
    readonly path: { readonly id: string; readonly number: number };
    readonly header?: { readonly 'Idempotency-Key'?: string };
    readonly body: {
      readonly readout: {
        readonly window: {
          readonly start: string;
          readonly end: string;
        };
        readonly maturesAt?: string;
        readonly units: Readonly<Record<string, number>>;
        readonly metrics: Readonly<
          Record<
            string,
            {
              readonly kind: 'propensity' | 'volume';
              readonly adjusted?: boolean;
              readonly arms: Readonly<
                Record<
                  string,
                  | {
                      readonly mean: number;
                      readonly sem: number;
                      readonly n?: number;
                    }
                  | {
                      readonly n: number;
                      readonly sum: number;
                      readonly sumOfSquares: number;
                      readonly covariate?: {
                        readonly sum: number;
                        readonly sumOfSquares: number;
                        readonly sumOfProducts: number;
                      };
                    }
                  | {
                      readonly lift: number;
                      readonly sem: number;
                      readonly n?: number;
                    }
                >
              >;
            }
          >
        >;
        readonly correlations?: readonly {
          readonly metrics: readonly [string, string];
          readonly correlation: number;
        }[];
      };
      readonly force?: readonly (
        | 'missing_arms'
        | 'sample_ratio'
        | 'impossible_sem'
        | 'mixed_units'
        | 'moved_covariate'
        | 'immature'
        | 'early_look'
      )[];
      readonly forceReason?: string;
    };
    readonly answer: {
      readonly experiment: number;
      readonly revision: number;
      readonly readout: {
        readonly window: {
          readonly start: string;
          readonly end: string;
        };
        readonly maturesAt?: string;
        readonly units: Readonly<Record<string, number>>;
        readonly metrics: Readonly<
          Record<
            string,
            {
              readonly kind: 'propensity' | 'volume';
              readonly adjusted: boolean;
              readonly arms: Readonly<
                Record<
                  string,
                  | {
                      readonly mean: number;
                      readonly sem: number;
                      readonly n?: number;
                    }
                  | {
                      readonly n: number;
                      readonly sum: number;
                      readonly sumOfSquares: number;
                      readonly covariate?: {
                        readonly sum: number;
                        readonly sumOfSquares: number;
                        readonly sumOfProducts: number;
                      };
                    }
                  | {
                      readonly lift: number;
                      readonly sem: number;
                      readonly n?: number;
                    }
                >
              >;
            }
          >
        >;
        readonly correlations?: readonly {
          readonly metrics: readonly [string, string];
          readonly correlation: number;
        }[];
      };
      readonly findings: readonly {
        readonly gate:
          | 'missing_arms'
          | 'sample_ratio'
          | 'impossible_sem'
          | 'mixed_units'
          | 'moved_covariate'
          | 'immature'
          | 'early_look';
        readonly severity: 'refuse' | 'warn';
        readonly metric: string | null;
        readonly arm: string | null;
        readonly message: string;
      }[];
      readonly forced: readonly (
        | 'missing_arms'
        | 'sample_ratio'
        | 'impossible_sem'
        | 'mixed_units'
        | 'moved_covariate'
        | 'immature'
        | 'early_look'
      )[];
      readonly forceReason: string | null;
      readonly importedBy: string;
      readonly importedAt: string;
      readonly contentHash: string;
    };
  };
  /** All readouts of an experiment, oldest first. */
  'GET /v1/studies/{id}/experiments/{number}/readouts': {
    readonly path: { readonly id: string; readonly number: number };
    readonly answer: {
      readonly readouts: readonly {
        readonly experiment: number;
        readonly revision: number;
        readonly readout: {
          readonly window: {
            readonly start: string;
            readonly end: string;
          };
          readonly maturesAt?: string;
          readonly units: Readonly<Record<string, number>>;
          readonly metrics: Readonly<
            Record<
              string,
              {
                readonly kind: 'propensity' | 'volume';
                readonly adjusted: boolean;
                readonly arms: Readonly<
                  Record<
                    string,
                    | {
                        readonly mean: number;
                        readonly sem: number;
                        readonly n?: number;
                      }
                    | {
                        readonly n: number;
                        readonly sum: number;
                        readonly sumOfSquares: number;
                        readonly covariate?: {
                          readonly sum: number;
                          readonly sumOfSquares: number;
                          readonly sumOfProducts: number;
                        };
                      }
                    | {
                        readonly lift: number;
                        readonly sem: number;
                        readonly n?: number;
                      }
                  >
                >;
              }
            >
          >;
          readonly correlations?: readonly {
            readonly metrics: readonly [string, string];
            readonly correlation: number;
          }[];
        };
        readonly findings: readonly {
          readonly gate:
            | 'missing_arms'
            | 'sample_ratio'
            | 'impossible_sem'
            | 'mixed_units'
            | 'moved_covariate'
            | 'immature'
            | 'early_look';
          readonly severity: 'refuse' | 'warn';
          readonly metric: string | null;
          readonly arm: string | null;
          readonly message: string;
        }[];
        readonly forced: readonly (
          | 'missing_arms'
          | 'sample_ratio'
          | 'impossible_sem'
          | 'mixed_units'
          | 'moved_covariate'
          | 'immature'
          | 'early_look'
        )[];
        readonly forceReason: string | null;
        readonly importedBy: string;
        readonly importedAt: string;
        readonly contentHash: string;
      }[];
    };
  };
  /** Lifts, verdicts of the guardrails, and the joint posterior of log and rounds. */
  'GET /v1/studies/{id}/experiments/{number}:analyse': {
    readonly path: { readonly id: string; readonly number: number };
    readonly query?: { readonly alpha?: number; readonly correction?: 'none' | 'bonferroni' | 'dunnett' };
    readonly answer: {
      readonly study: string;
      readonly experiment: {
        readonly study: string;
        readonly number: number;
        readonly name: string;
        readonly state: 'planned' | 'running' | 'read_out' | 'ended';
        readonly window: {
          readonly start: string;
          readonly end: string;
        };
        readonly units: number | null;
        readonly coverage: number;
        readonly unit: string | null;
        readonly arms: readonly {
          readonly name: string;
          readonly weights: Readonly<Record<string, number>>;
          readonly share: number;
          readonly kind: 'baseline' | 'suggested' | 'hand_picked';
          readonly generator:
            | 'baseline'
            | 'hand_picked'
            | 'space_filling'
            | 'promised_by_log'
            | 'noisy_expected_improvement'
            | 'thompson';
          readonly reason: string;
          readonly offline: Readonly<Record<string, number>> | null;
        }[];
        readonly provenance: {
          readonly seed: number;
          readonly request: {
            readonly name?: string;
            readonly arms: number;
            readonly handPicked: readonly {
              readonly name?: string;
              readonly weights: Readonly<Record<string, number>>;
            }[];
            readonly window: {
              readonly start: string;
              readonly end: string;
            };
            readonly units?: number;
            readonly coverage: number;
            readonly controlShare: ('equal' | 'sharpest') | number;
            readonly unit?: string;
            readonly seed?: number;
            readonly generator: 'noisy_expected_improvement' | 'thompson';
            readonly promised: number;
            readonly offlineFeasibility?: number;
            /** Whether arms are measured on the log of the study, where there is one, and merged. */
            readonly measure: boolean;
            readonly merge?: {
              /** Of Kendall’s τ; 1 merges none. */
              readonly above: number;
              /** Places in which rankings are compared. */
              readonly cutoff: number;
            };
          };
          readonly readouts: readonly {
            readonly experiment: number;
            readonly revision: number;
          }[];
          readonly trials: readonly number[];
          readonly spreads: Readonly<Record<string, number>> | null;
          readonly after: number;
          readonly merged: readonly {
            readonly name: string;
            readonly into: string;
            readonly agreement: number;
          }[];
          readonly notes: readonly string[];
        };
        readonly createdBy: string;
        readonly createdAt: string;
        readonly startedAt: string | null;
        readonly endedAt: string | null;
        readonly reason: string | null;
      };
      readonly readout: {
        readonly experiment: number;
        readonly revision: number;
        readonly readout: {
          readonly window: {
            readonly start: string;
            readonly end: string;
          };
          readonly maturesAt?: string;
          readonly units: Readonly<Record<string, number>>;
          readonly metrics: Readonly<
            Record<
              string,
              {
                readonly kind: 'propensity' | 'volume';
                readonly adjusted: boolean;
                readonly arms: Readonly<
                  Record<
                    string,
                    | {
                        readonly mean: number;
                        readonly sem: number;
                        readonly n?: number;
                      }
                    | {
                        readonly n: number;
                        readonly sum: number;
                        readonly sumOfSquares: number;
                        readonly covariate?: {
                          readonly sum: number;
                          readonly sumOfSquares: number;
                          readonly sumOfProducts: number;
                        };
                      }
                    | {
                        readonly lift: number;
                        readonly sem: number;
                        readonly n?: number;
                      }
                  >
                >;
              }
            >
          >;
          readonly correlations?: readonly {
            readonly metrics: readonly [string, string];
            readonly correlation: number;
          }[];
        };
        readonly findings: readonly {
          readonly gate:
            | 'missing_arms'
            | 'sample_ratio'
            | 'impossible_sem'
            | 'mixed_units'
            | 'moved_covariate'
            | 'immature'
            | 'early_look';
          readonly severity: 'refuse' | 'warn';
          readonly metric: string | null;
          readonly arm: string | null;
          readonly message: string;
        }[];
        readonly forced: readonly (
          | 'missing_arms'
          | 'sample_ratio'
          | 'impossible_sem'
          | 'mixed_units'
          | 'moved_covariate'
          | 'immature'
          | 'early_look'
        )[];
        readonly forceReason: string | null;
        readonly importedBy: string;
        readonly importedAt: string;
        readonly contentHash: string;
      };
      readonly alpha: number;
      readonly correction: 'none' | 'bonferroni' | 'dunnett';
      readonly intervals: 'one look' | 'sequential';
      readonly information: {
        readonly fraction: number | null;
        readonly by: 'units' | 'window';
      };
      readonly metrics: readonly {
        readonly metric: string;
        readonly kind: 'propensity' | 'volume';
        readonly scale: 'relative' | 'difference';
        readonly multiplier: number;
        readonly arms: readonly {
          readonly arm: string;
          readonly lift: number;
          readonly standardError: number;
          readonly lower: number;
          readonly upper: number;
        }[];
        readonly covariance: readonly (readonly number[])[];
        readonly shrunk:
          | readonly {
              readonly arm: string;
              readonly lift: number;
              readonly stddev: number;
            }[]
          | null;
      }[];
      readonly guardrails: readonly {
        readonly guardrail: string;
        readonly arm: string;
        readonly slack: {
          readonly estimate: number;
          readonly standardError: number;
        };
        readonly verdict: 'shown not worse' | 'not shown worse' | 'worse';
      }[];
      readonly probabilities:
        | readonly {
            readonly arm: string;
            readonly better: number;
            readonly best: number;
            readonly feasible: number;
          }[]
        | null;
      readonly posterior: {
        readonly arms: readonly {
          readonly experiment: number;
          readonly arm: string;
          readonly tested: boolean;
          readonly lift: number;
          readonly stddev: number;
          readonly better: number;
          readonly best: number;
          readonly feasible: number;
          readonly lifts: Readonly<
            Record<
              string,
              {
                readonly mean: number;
                readonly stddev: number;
                readonly lower: number;
                readonly upper: number;
              }
            >
          >;
        }[];
        readonly transfer: readonly {
          readonly metric: string;
          readonly offline: string | null;
          readonly rounds: number;
          readonly correlation: {
            readonly mean: number;
            readonly lower: number;
            readonly upper: number;
          } | null;
          readonly evidence: {
            readonly gain: number;
            readonly standardError: number;
            readonly errorWith: number;
            readonly errorWithout: number;
          } | null;
          readonly used: boolean;
          readonly reason: string;
        }[];
        /** How far a unit of each weight moves the utility, by the log; null where none told any and all are taken alike. */
        readonly spreads: Readonly<Record<string, number>> | null;
        readonly shipment: {
          readonly arm: string;
          readonly expectedLift: number;
          readonly probabilityMet: number;
        } | null;
      } | null;
      readonly withoutPosterior: string | null;
      /** Which rounds’ readouts, of those up to this one, were forced past which gates, and why. */
      readonly notes: readonly string[];
    };
  };
  /** Ship an arm, run another round, wait for a readout, or stop; with the reasons. */
  'GET /v1/studies/{id}/experiments:recommend': {
    readonly path: { readonly id: string };
    readonly query?: {
      readonly arms?: number;
      readonly generator?: 'noisy_expected_improvement' | 'thompson';
      readonly seed?: number;
      readonly roundsLeft?: number;
      readonly confidence?: number;
      readonly relevantGain?: number;
    };
    readonly answer: {
      readonly study: string;
      readonly action: 'ship' | 'run' | 'stop' | 'wait';
      readonly arm: string | null;
      /** Those of the arm to ship. */
      readonly weights: Readonly<Record<string, number>> | null;
      readonly round: number | null;
      readonly arms: readonly {
        readonly name: string;
        readonly weights: Readonly<Record<string, number>>;
        readonly generator:
          | 'baseline'
          | 'hand_picked'
          | 'space_filling'
          | 'promised_by_log'
          | 'noisy_expected_improvement'
          | 'thompson';
        readonly reason: string;
        readonly foretold: {
          readonly lift: number;
          readonly stddev: number;
          readonly better: number;
          readonly best: number;
          readonly feasible: number;
          readonly lifts: Readonly<
            Record<
              string,
              {
                readonly mean: number;
                readonly stddev: number;
                readonly lower: number;
                readonly upper: number;
              }
            >
          >;
        } | null;
      }[];
      readonly reasons: readonly string[];
      readonly roundsLeft: number;
      readonly confidence: number;
      readonly relevantGain: number;
      readonly gainAfterNextRound: {
        readonly mean: number;
        readonly standardError: number;
      } | null;
      readonly furtherGain: number | null;
      readonly evidence: readonly {
        readonly experiment: number;
        readonly arm: string;
        readonly lift: number;
        readonly stddev: number;
        readonly better: number;
        readonly best: number;
        readonly feasible: number;
        readonly guardrails: readonly {
          readonly guardrail: string;
          readonly arm: string;
          readonly slack: {
            readonly estimate: number;
            readonly standardError: number;
          };
          readonly verdict: 'shown not worse' | 'not shown worse' | 'worse';
        }[];
        readonly tested: boolean;
      }[];
      readonly transfer: readonly {
        readonly metric: string;
        readonly offline: string | null;
        readonly rounds: number;
        readonly correlation: {
          readonly mean: number;
          readonly lower: number;
          readonly upper: number;
        } | null;
        readonly evidence: {
          readonly gain: number;
          readonly standardError: number;
          readonly errorWith: number;
          readonly errorWithout: number;
        } | null;
        readonly used: boolean;
        readonly reason: string;
      }[];
      /** How far a unit of each weight moves the utility, by the log; null where none told any and all are taken alike. */
      readonly spreads: Readonly<Record<string, number>> | null;
      readonly notes: readonly string[];
    };
  };
  /** The process answers. */
  'GET /healthz': {
    readonly answer: {
      readonly status: 'alive';
    };
  };
  /** Whether it should be sent requests: 503 `not_ready` while it starts or stops. */
  'GET /readyz': {
    readonly answer: {
      readonly status: 'ready';
    };
  };
  /** Counters and histograms for Prometheus. */
  'GET /metrics': { readonly answer: string };
  /** This document. */
  'GET /openapi.json': {
    readonly answer: {
      readonly openapi: string;
    };
  };
  /** A page that shows this document and sends requests. */
  'GET /docs': { readonly answer: string };
  /** The script and the style of the page. */
  'GET /docs/{file}': {
    readonly path: { readonly file: 'swagger-ui.css' | 'swagger-ui-bundle.js' | 'start.js' };
    readonly answer: string;
  };
}
