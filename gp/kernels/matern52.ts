import type { Kernel } from '../kernel.ts';

const SQRT5 = Math.sqrt(5);

/**
 * Matérn kernel of smoothness 5/2: sample paths twice differentiable.
 *
 * k = (1 + a + a²/3)·e^{−a}, dk/d(r²) = −(5/6)·(1 + a)·e^{−a}, a = √5·r.
 * Source: Rasmussen & Williams 2006, eq. 4.17.
 */
export const matern52: Kernel = {
  name: 'matern52',
  value(squaredDistance) {
    const a = SQRT5 * Math.sqrt(squaredDistance);
    return (1 + a + (a * a) / 3) * Math.exp(-a);
  },
  derivative(squaredDistance, value) {
    const a = SQRT5 * Math.sqrt(squaredDistance);
    return ((-5 / 6) * value * (1 + a)) / (1 + a + (a * a) / 3);
  },
};
