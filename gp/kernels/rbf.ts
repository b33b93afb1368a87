import type { Kernel } from '../kernel.ts';

/**
 * Squared-exponential kernel: sample paths infinitely differentiable.
 *
 * k = e^{−r²/2}, dk/d(r²) = −k/2.
 * Source: Rasmussen & Williams 2006, eq. 4.9.
 */
export const rbf: Kernel = {
  name: 'rbf',
  value: (squaredDistance) => Math.exp(-0.5 * squaredDistance),
  derivative: (_squaredDistance, value) => -0.5 * value,
};
