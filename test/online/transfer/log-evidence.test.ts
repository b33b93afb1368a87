import { expect } from 'chai';
import { matern52 } from '../../../gp/kernels/matern52.ts';
import { logNormalPdf } from '../../../math/normal.ts';
import { randomStream } from '../../../math/random.ts';
import { jointLifts } from '../../../src/online/transfer/joint-lifts.ts';
import { liftLeaveOneOut } from '../../../src/online/transfer/lift-leave-one-out.ts';
import { conditionLifts, type TransferParameters } from '../../../src/online/transfer/lift-process.ts';
import { logEvidence } from '../../../src/online/transfer/log-evidence.ts';
import type { RelativeObservations } from '../../../src/online/transfer/relative-observations.ts';

const PARAMETERS: TransferParameters = {
  kernel: matern52,
  lengthscales: [0.6],
  scales: [0.3, 0.1],
  correlation: 0.8,
};

function drawn(count: number, variance: number, label: string): RelativeObservations {
  const random = randomStream(5, 'log-evidence', label);
  return {
    X: Float64Array.from({ length: count }, () => random.uniform()),
    y: Float64Array.from({ length: count }, () => 0.1 * random.normal()),
    variance: new Float64Array(count).fill(variance),
  };
}

const log = drawn(8, 1e-3, 'log');
const rounds = [drawn(5, 4e-4, 'first'), drawn(4, 9e-4, 'second')];

/** Round r without its arm i. */
function without(r: number, i: number): readonly RelativeObservations[] {
  const drop = (values: Float64Array): Float64Array => values.filter((_, at) => at !== i);
  return rounds.map((round, at) =>
    at === r ? { X: drop(round.X), y: drop(round.y), variance: drop(round.variance) } : round,
  );
}

describe('liftLeaveOneOut', () => {
  it('is what the process says of an arm without it', () => {
    const all = liftLeaveOneOut(conditionLifts(PARAMETERS, log, rounds));
    rounds.forEach((round, r) => {
      for (let i = 1; i < round.y.length; i++) {
        const at = log.y.length + (r === 0 ? 0 : rounds[0]!.y.length) + i;
        const process = conditionLifts(PARAMETERS, log, without(r, i));
        // Arm i over another arm j of its round whose latent value and the round's constant are known as well as they are:
        // the prediction of y_i is that of the process at x_i, its constant included.
        const lift = jointLifts(process, round.X.slice(i, i + 1));
        const atBaseline = baselineLevel(process, r);
        expect(all.mean[at]).to.be.closeTo(lift.mean[0]! + atBaseline, 1e-9);
      }
    });
  });
});

/** β_r + f(x_b): the constant and the latent function at the baseline, from the process's own weights. */
function baselineLevel(process: ReturnType<typeof conditionLifts>, round: number): number {
  const { scaledInputs, scaledBaseline, between, alpha, constants } = process;
  let level = constants[constants.length - rounds.length + round]!;
  for (let i = 0; i < alpha.length; i++) {
    level += between[i]! * matern52.value((scaledInputs[i]! - scaledBaseline[0]!) ** 2) * alpha[i]!;
  }
  return level;
}

describe('logEvidence', () => {
  it('sums the differences of log densities over the arms, of mixtures too', () => {
    const a = conditionLifts(PARAMETERS, log, rounds);
    const b = conditionLifts({ ...PARAMETERS, correlation: -0.2 }, log, rounds);
    const alone = conditionLifts(PARAMETERS, undefined, rounds);
    const found = logEvidence(
      [
        { weight: 0.3, process: a },
        { weight: 0.7, process: b },
      ],
      [{ weight: 1, process: alone }],
    );
    const loo = [a, b, alone].map(liftLeaveOneOut);
    let gain = 0;
    let squares = 0;
    for (let i = 0; i < 9; i++) {
      const at = log.y.length + i;
      const y = a.outputs[at]!;
      const density = (k: number, row: number): number => {
        const stddev = Math.sqrt(loo[k]!.variance[row]!);
        return Math.exp(logNormalPdf((y - loo[k]!.mean[row]!) / stddev)) / stddev;
      };
      gain += Math.log(0.3 * density(0, at) + 0.7 * density(1, at)) - Math.log(density(2, i));
      squares += (y - loo[2]!.mean[i]!) ** 2;
    }
    expect(found.gain).to.be.closeTo(gain, 1e-9);
    expect(found.errorWithout).to.be.closeTo(Math.sqrt(squares / 9), 1e-12);
    expect(logEvidence([{ weight: 1, process: alone }], [{ weight: 1, process: alone }]).gain).to.equal(0);
  });
});
