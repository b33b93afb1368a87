import type { StoredExperiment } from '../../store/experiments.ts';
import type { StoredReadout } from '../../store/readouts.ts';
import { DomainError } from '../domain/errors.ts';
import { DEFAULT_CONFIDENCE } from '../online/transfer/decide-shipment.ts';
import type { GuardrailResult } from '../online/analysis/analyse-readout.ts';
import type { ExperimentAnalysis } from '../online/analysis/experiment-analysis.ts';
import type { JudgedArms } from '../online/analysis/judge-arms.ts';
import type { Correction } from '../online/plan/critical-value.ts';
import { gatheredInformation, type GatheredInformation } from '../online/readouts/gathered-information.ts';
import { forcedNotes } from './forced-notes.ts';
import { onlineEvidence, onlineMoment, type OnlineMoment } from './online-evidence.ts';
import type { ServiceContext } from './service-context.ts';

/** How a readout is analysed; what is left out is 0.05 and Dunnett's. */
export interface AnalysisAsked {
  readonly alpha?: number | undefined;
  readonly correction?: Correction | undefined;
}

/** What an experiment says, by itself and together with the log and the rounds up to it. */
export interface AnalysedExperiment {
  readonly study: string;
  readonly experiment: StoredExperiment;
  readonly readout: StoredReadout;
  readonly alpha: number;
  readonly correction: Correction;
  readonly information: GatheredInformation;
  readonly own: ExperimentAnalysis;
  /** By the joint posterior; null where it cannot be had. */
  readonly posterior: Pick<JudgedArms, 'arms' | 'metrics' | 'spreads' | 'shipment'> | null;
  /** Why there is no joint posterior; null where there is one. */
  readonly withoutPosterior: string | null;
  /** Which of the readouts that it rests on were forced past gates. */
  readonly notes: readonly string[];
}

const ALPHA = 0.05;

/** That rounds cannot be modelled, or that an earlier readout allows no verdicts. */
const WITHOUT_POSTERIOR: ReadonlySet<string> = new Set(['experiment_invalid', 'readout_invalid']);

/**
 * Analyses the last readout of an experiment.
 *
 * Throws `study_not_found`, `experiment_not_found`, `experiment_state` before the first readout, `readout_invalid` where the readout
 * allows no lifts.
 */
export async function analyseExperiment(
  { store, pool }: Pick<ServiceContext, 'store' | 'pool'>,
  studyId: string,
  number: number,
  { alpha = ALPHA, correction = 'dunnett' }: AnalysisAsked = {},
): Promise<AnalysedExperiment> {
  const moment = await onlineMoment(store, studyId);
  const { experiment, readout } = readExperimentOf(moment, number);
  const own = await ownAnalysis({ pool }, moment, number, { alpha, correction });
  const { evidence } = onlineEvidence(moment, number);
  const { definition } = moment;
  let posterior: AnalysedExperiment['posterior'] = null;
  let withoutPosterior: string | null = null;
  try {
    const earlier = await guardrailResults({ pool }, moment, number - 1, { alpha, correction });
    const barred = [...earlier, ...own.guardrails]
      .filter(({ verdict }) => verdict === 'worse')
      .map(({ arm }) => arm);
    const confidence = definition.confidence ?? DEFAULT_CONFIDENCE;
    const { seed } = definition;
    const judged = await pool.run('judgeArms', {
      definition,
      evidence,
      confidence,
      seed,
      barred,
      next: null,
    });
    const { arms, metrics, spreads, shipment } = judged;
    posterior = { arms, metrics, spreads, shipment };
  } catch (error) {
    if (!(error instanceof DomainError && WITHOUT_POSTERIOR.has(error.code))) throw error;
    withoutPosterior = error.message;
  }
  return {
    study: studyId,
    experiment,
    readout,
    alpha,
    correction,
    information: gatheredInformation(experiment, readout.readout, moment.lookedEarly.has(number)),
    own,
    posterior,
    withoutPosterior,
    notes: forcedNotes(moment.readouts, number),
  };
}

/** What the readout of one experiment says by itself. */
export async function ownAnalysis(
  { pool }: Pick<ServiceContext, 'pool'>,
  moment: OnlineMoment,
  number: number,
  { alpha = ALPHA, correction = 'dunnett' }: AnalysisAsked = {},
): Promise<ExperimentAnalysis> {
  const { experiment, readout } = readExperimentOf(moment, number);
  const { definition } = moment;
  const { fraction } = gatheredInformation(experiment, readout.readout, moment.lookedEarly.has(number));
  return pool.run('analyseReadout', {
    definition,
    readout: readout.readout,
    settings: { alpha, correction, informationFraction: fraction, seed: definition.seed },
  });
}

/** The verdicts of every round up to one, each by its own readout. */
export async function guardrailResults(
  context: Pick<ServiceContext, 'pool'>,
  moment: OnlineMoment,
  upTo = Infinity,
  asked: AnalysisAsked = {},
): Promise<readonly GuardrailResult[]> {
  const read = moment.readouts.filter(({ experiment }) => experiment <= upTo);
  const analyses = await Promise.all(
    read.map(({ experiment }) => ownAnalysis(context, moment, experiment, asked)),
  );
  return analyses.flatMap(({ guardrails }) => guardrails);
}

/** Throws `experiment_not_found`, and `experiment_state` for one without a readout. */
function readExperimentOf(
  { definition, experiments, readouts }: OnlineMoment,
  number: number,
): { readonly experiment: StoredExperiment; readonly readout: StoredReadout } {
  const experiment = experiments.find((each) => each.number === number);
  if (experiment === undefined) {
    throw new DomainError('experiment_not_found', `study "${definition.name}" has no experiment ${number}`);
  }
  const readout = readouts.find((each) => each.experiment === number);
  if (readout !== undefined) return { experiment, readout };
  throw new DomainError(
    'experiment_state',
    `experiment ${number} was not read out: expected its readout first`,
    {},
    { state: experiment.state },
  );
}
