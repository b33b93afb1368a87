interface NumberOption {
  /** How the name calls it, where another option has the same word. */
  readonly word?: string;
  readonly least: number;
  readonly most: number;
  readonly whole: boolean;
  readonly default: number;
}

/** What a metric's name can say in braces: words, the first the default, or a number. */
export const METRIC_OPTIONS = {
  /** What a request counts for in `grouped_auc`: its impressions, its positives, or once. */
  weights: ['impression', 'positive', 'one'],
  gain: ['linear', 'exponential'],
  /** Where rows of one utility stand: the mean over their orders, positives last, positives first. */
  ties: ['averaged', 'pessimistic', 'optimistic'],
  /** What a request without a positive counts: nothing, 0 or 1. */
  empty: ['skip', 'zero', 'one'],
  /** How likely a place is examined: surely, as DCG discounts it, or as the study's `examinationCurve` says. */
  examination: ['one', 'log2', 'curve'],
  /** Divide each positive by the probability that it was examined where the log showed it. */
  debias: ['none', 'examination'],
  /** The least probability that `debias` divides by. */
  clip: { least: 0, most: 1, whole: false, default: 0 },
  /** The largest weight 1/p of a counterfactual estimate; none unless the name says one, as it biases towards 0. */
  largestWeight: { word: 'clip', least: 1, most: 1e6, whole: false, default: Infinity },
  /** The effective sample size from which a counterfactual estimate may steer. */
  ess: { least: 1, most: 1e9, whole: false, default: 100 },
  binning: ['uniform', 'quantile'],
  bins: { least: 1, most: 1000, whole: true, default: 15 },
} as const satisfies Readonly<Record<string, readonly string[] | NumberOption>>;

export type OptionName = keyof typeof METRIC_OPTIONS;

type OptionValue<Option> = Option extends readonly (infer Word)[] ? Word : number;

/** A value for every option: what the name says, else the default. */
export type MetricOptions = {
  readonly [Name in OptionName]: OptionValue<(typeof METRIC_OPTIONS)[Name]>;
};

const DEFAULTS = Object.fromEntries(
  Object.entries(METRIC_OPTIONS).map(([name, option]) => [
    name,
    isWords(option) ? option[0] : option.default,
  ]),
) as unknown as MetricOptions;

/**
 * Reads the options of a metric, `gain=exponential,empty=zero`; `text` is undefined where there are no braces.
 *
 * Returns a value for every option, or what is wrong and what is expected, as the end of a sentence about the metric.
 */
export function parseMetricOptions(
  text: string | undefined,
  taken: readonly OptionName[],
): MetricOptions | string {
  if (text === undefined) return DEFAULTS;
  const options: Record<string, string | number> = { ...DEFAULTS };
  const given = new Set<OptionName>();
  for (const part of text.split(',')) {
    const [name = '', value = ''] = part.split('=');
    if (taken.length === 0) return `takes no options: expected it without {${text}}`;
    const known = taken.find((each) => wordOf(each) === name);
    if (known === undefined)
      return `has an unknown option "${name}": expected one of ${taken.map(wordOf).join(', ')}`;
    if (given.has(known)) return `says ${name} twice: expected it once`;
    given.add(known);
    const read = parseValue(METRIC_OPTIONS[known], value);
    if (read === undefined) return `has ${name}=${value}: expected ${expectedValue(METRIC_OPTIONS[known])}`;
    options[known] = read;
  }
  return contradiction(options as MetricOptions, given) ?? (options as MetricOptions);
}

/** The word by which a metric's name gives an option. */
export function wordOf(name: OptionName): string {
  const option = METRIC_OPTIONS[name];
  return 'word' in option ? option.word : name;
}

function parseValue(option: readonly string[] | NumberOption, text: string): string | number | undefined {
  if (isWords(option)) return option.includes(text) ? text : undefined;
  const value = /^[0-9]+(\.[0-9]+)?$/.test(text) ? Number(text) : NaN;
  const fits = value >= option.least && value <= option.most && (!option.whole || Number.isInteger(value));
  return fits ? value : undefined;
}

function expectedValue(option: readonly string[] | NumberOption): string {
  if (isWords(option)) return option.join(', ').replace(/, ([^,]*)$/, ' or $1');
  return `a ${option.whole ? 'whole ' : ''}number from ${option.least} to ${option.most}`;
}

function contradiction({ debias, ties }: MetricOptions, given: ReadonlySet<OptionName>): string | undefined {
  if (given.has('clip') && debias === 'none')
    return 'clips what is not debiased: expected debias=examination beside clip';
  if (debias !== 'none' && ties !== 'averaged')
    return `has ties=${ties} of gains that differ by examination: expected ties=averaged`;
  return undefined;
}

function isWords(option: readonly string[] | NumberOption): option is readonly string[] {
  return Array.isArray(option);
}
