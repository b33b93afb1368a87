import type { Candidates } from './draw-request.ts';
import { SIGNS } from './heads.ts';

/**
 * The best candidates of one request by utility Σ s_t w_t q_t, best first; of equal ones the earlier.
 *
 * Rows from `at` on, `count` of them; writes row numbers into `slate`, of which the length says how many, and uses
 * `utility` of the same length as scratch.
 */
export function rankSlate(
  { belief }: Candidates,
  at: number,
  count: number,
  weights: ArrayLike<number>,
  slate: Int32Array,
  utility: Float64Array,
): void {
  const [q0, q1, q2, q3] = [belief[0]!, belief[1]!, belief[2]!, belief[3]!];
  const w0 = SIGNS[0] * weights[0]!;
  const w1 = SIGNS[1] * weights[1]!;
  const w2 = SIGNS[2] * weights[2]!;
  const w3 = SIGNS[3] * weights[3]!;
  const slots = slate.length;
  let filled = 0;
  for (let i = at; i < at + count; i++) {
    const u = w0 * q0[i]! + w1 * q1[i]! + w2 * q2[i]! + w3 * q3[i]!;
    if (filled === slots && u <= utility[slots - 1]!) continue;
    let place = filled < slots ? filled++ : slots - 1;
    for (; place > 0 && utility[place - 1]! < u; place--) {
      utility[place] = utility[place - 1]!;
      slate[place] = slate[place - 1]!;
    }
    utility[place] = u;
    slate[place] = i;
  }
}
