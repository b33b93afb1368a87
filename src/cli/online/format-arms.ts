import type { ArmGenerator } from '../../domain/experiment.ts';
import type { StoredExperiment } from '../../service/read-experiments.ts';
import { formatPercent } from '../format-number.ts';
import { shellWord } from '../next-steps.ts';
import { type Column, textTable, wrapWords } from '../text-table.ts';

/** Kendall's τ of every two arms on the first places of the log, K×K row-major. */
export interface ArmAgreements {
  readonly cutoff: number;
  readonly taus: Float64Array;
}

const LEFT = (title: string): Column => ({ title, align: 'left' });
const RIGHT = (title: string): Column => ({ title, align: 'right' });

/** How a person calls what chose an arm. */
const CHOSEN_BY: Readonly<Record<ArmGenerator, string>> = {
  baseline: 'served today',
  hand_picked: 'by hand',
  space_filling: 'to fill the space',
  promised_by_log: 'promised by the log',
  noisy_expected_improvement: 'expected to gain',
  thompson: 'a posterior draw',
};

/** A planned experiment for a person, in lines of `width` where words allow it. */
export function formatExperiment(
  experiment: StoredExperiment,
  { db, agreements }: { readonly db: string; readonly agreements?: ArmAgreements | undefined },
  width = Infinity,
): string {
  return [
    wrapWords(headline(experiment), width).join('\n'),
    armTable(experiment, width),
    ...offlineTexts(experiment, agreements, width),
    ...notes(experiment).map((line) => wrapWords(line, width).join('\n')),
    nextSteps(experiment, db),
  ].join('\n\n');
}

function headline({ name, number, study, state, window, units, coverage, unit }: StoredExperiment): string {
  const traffic =
    coverage === 1 ? 'all traffic' : `${Number((100 * coverage).toPrecision(4))} % of the traffic`;
  const users = units === null ? '' : `, ${units.toLocaleString('en')} users`;
  const by = unit === null ? '' : ` by ${unit}`;
  const phase = state === 'read_out' ? 'read out' : state;
  return `${name}: round ${number} of ${study}, ${phase}; ${window.start} to ${window.end}, ${traffic}${users}${by}`;
}

function armTable({ arms }: StoredExperiment, width: number): string {
  const heads = Object.keys(arms[0]!.weights);
  return textTable(
    [LEFT('arm'), RIGHT('share'), LEFT('chosen'), ...heads.map(RIGHT)],
    arms.map(({ name, share, weights, generator }) => [
      name,
      `${(100 * share).toFixed(2)} %`,
      CHOSEN_BY[generator],
      ...heads.map((head) => shortWeight(weights[head]!)),
    ]),
    width,
  );
}

/** Four decimals, for reading; what is exported has all of them. */
function shortWeight(weight: number): string {
  return String(Number(weight.toFixed(4)));
}

/** What the log says of the arms beside the baseline, and which of them rank most alike. */
function offlineTexts(
  { arms }: StoredExperiment,
  agreements: ArmAgreements | undefined,
  width: number,
): readonly string[] {
  const baseline = arms[0]!.offline;
  if (baseline === null && agreements === undefined) return [];
  const metrics = Object.keys(baseline ?? {}).filter((metric) => baseline![metric] !== 0);
  const nearest = agreements && arms.map((_, i) => nearestArm(arms.length, agreements.taus, i));
  const table = textTable(
    [
      LEFT('on the log'),
      ...metrics.map(RIGHT),
      ...(nearest === undefined ? [] : [RIGHT('most alike'), RIGHT('tau')]),
    ],
    arms.map(({ name, offline }, i) => [
      name,
      ...metrics.map((metric) =>
        i === 0
          ? baseline![metric]!.toPrecision(4)
          : offline?.[metric] === undefined
            ? '-'
            : formatPercent((offline[metric] - baseline![metric]!) / Math.abs(baseline![metric]!)),
      ),
      ...(nearest === undefined ? [] : [arms[nearest[i]!.arm]?.name ?? '-', tauText(nearest[i]!.tau)]),
    ]),
    width,
  );
  if (agreements === undefined) return [table];
  const legend = `tau: Kendall's, of the rows that either arm has among its first ${agreements.cutoff} of a request.`;
  return [`${table}\n${wrapWords(legend, width).join('\n')}`];
}

function nearestArm(
  count: number,
  taus: Float64Array,
  arm: number,
): { readonly arm: number; readonly tau: number } {
  let nearest = { arm: -1, tau: -Infinity };
  for (let j = 0; j < count; j++) {
    const tau = taus[arm * count + j]!;
    if (j !== arm && tau > nearest.tau) nearest = { arm: j, tau };
  }
  return nearest;
}

function tauText(tau: number): string {
  return tau === -Infinity ? '-' : tau.toFixed(3);
}

function notes({ provenance: { merged, notes: told } }: StoredExperiment): readonly string[] {
  return [
    ...merged.map(
      ({ name, into, agreement }) =>
        `${name} was merged into ${into}, as they rank the log alike (tau ${agreement.toFixed(3)}).`,
    ),
    ...told.map((note) => `Note: ${note}.`),
  ];
}

function nextSteps({ study, number, state }: StoredExperiment, db: string): string {
  const file = shellWord(db);
  const flag = `As the flag of a platform (growthbook, unleash, launchdarkly, planout, json): npx pondera arms ${study} --round ${number} --export json --db ${file}`;
  if (state === 'ended') return flag;
  return `${flag}\nOnce it has run: npx pondera readout ${study} READOUT.csv --round ${number} --db ${file}`;
}
