import { eightWeights } from './eight-weights.ts';
import { fourWeights } from './four-weights.ts';
import { gardner1 } from './gardner1.ts';
import { gardner2 } from './gardner2.ts';
import { gramacy } from './gramacy.ts';
import { hartmann6Ball } from './hartmann6-ball.ts';
import { hartmann6Simplex } from './hartmann6-simplex.ts';
import { mixture } from './mixture.ts';
import { pressureVessel } from './pressure-vessel.ts';
import type { Problem } from './problem.ts';
import { smallRegion } from './small-region.ts';
import { speedReducer } from './speed-reducer.ts';
import { townsend } from './townsend.ts';

/** Those whose optimum is known; `openNewsfeed` adds the logged one where its data is. */
export const problems: readonly Problem[] = [
  gramacy,
  gardner1,
  gardner2,
  townsend,
  hartmann6Ball,
  hartmann6Simplex,
  mixture,
  pressureVessel,
  speedReducer,
  fourWeights,
  smallRegion,
  eightWeights,
];
