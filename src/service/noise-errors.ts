/** A difference of fewer of its standard errors is within noise: Φ(1.645) = 0.95. */
export const NOISE_ERRORS = 1.645;
