/** How a counterfactual metric weighs the rows that a ranking shows where the log did. */
export const ESTIMATORS = ['ips', 'snips'] as const;

export type Estimator = (typeof ESTIMATORS)[number];

const DIVIDES = 'divides by the positives of a request, which depend on the ranking that was shown';
const TOGETHER =
  'depends on the labels of several places together, which the probability of one does not tell';
const WITHOUT_PLACES = 'is no sum over the places of a request';

/** Why a metric has no counterfactual estimator from the probability of each row at its place. */
const REASONS: Readonly<Record<string, string>> = {
  ndcg: DIVIDES,
  recall: DIVIDES,
  map: DIVIDES,
  grouped_auc: DIVIDES,
  mrr: TOGETHER,
  hit: TOGETHER,
  precision: 'leaves out requests without a positive, which depend on the ranking that was shown',
  average_precision: WITHOUT_PLACES,
  pr_auc_trapezoid: WITHOUT_PLACES,
  roc_auc: WITHOUT_PLACES,
  expected_engagement: 'takes no labels, so there is nothing to correct',
  log_loss: 'does not depend on the ranking',
  brier: 'does not depend on the ranking',
  ece: 'does not depend on the ranking',
};

/** The estimator of a kind such as `ips.engagement`; undefined where the kind is not counterfactual. */
export function estimatorOf(kind: string): Estimator | undefined {
  return ESTIMATORS.find((estimator) => kind.startsWith(`${estimator}.`));
}

/** One line about a counterfactual metric that is not offered; undefined where the kind is no such one. */
export function counterfactualRefusal(name: string, kind: string): string | undefined {
  const estimator = estimatorOf(kind);
  if (estimator === undefined) return undefined;
  const of = kind.slice(estimator.length + 1);
  if (!Object.hasOwn(REASONS, of)) return undefined;
  return (
    `metric "${name}" is not offered, as ${of} ${REASONS[of]}: ` +
    `expected ${estimator}.engagement@K or ${estimator}.dcg@K`
  );
}
