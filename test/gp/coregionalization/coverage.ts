import { correlationPosterior } from '../../../gp/coregionalization/correlation-posterior.ts';
import { fitCoregionalized } from '../../../gp/coregionalization/fit.ts';
import { randomStream, type Random } from '../../../math/random.ts';
import { drawWorld } from './world.ts';

/**
 * Short lengthscales make 20 points about 20 independent ones, so that the data outweigh the prior, under which an interval
 * need not cover at its rate for every single ρ.
 */
const WORLD = {
  counts: [20, 20],
  dimension: 2,
  lengthscale: 0.2,
  noiseVariance: 0.01,
  sharedInputs: true,
} as const;

/** The share of worlds whose 95 % interval holds the correlation that they were drawn with, and its mean width. */
export function intervalCoverage(
  repetitions: number,
  label: string,
  draw: (random: Random) => number,
): { readonly share: number; readonly width: number } {
  let held = 0;
  let width = 0;
  for (let repetition = 0; repetition < repetitions; repetition++) {
    const random = randomStream(5, label, repetition);
    const correlation = draw(random);
    const data = drawWorld({ ...WORLD, correlation }, random);
    const fit = fitCoregionalized(data, { starts: 1 });
    const { interval } = correlationPosterior(data, fit, { points: 21 });
    if (interval[0] <= correlation && correlation <= interval[1]) held++;
    width += (interval[1] - interval[0]) / repetitions;
  }
  return { share: held / repetitions, width };
}
