import { createPolytope, type Polytope } from '../../../math/polytope/polytope.ts';
import { HEADS } from './heads.ts';

/** Where the weights of every world lie: {w ≥ 0, Σw = 1}, one a head. */
export const WEIGHT_SPACE: Polytope = createPolytope({
  names: HEADS,
  lower: HEADS.map(() => 0),
  upper: HEADS.map(() => 1),
  sum: 1,
});
