/** |p − ½| up to which the quantile is computed in p itself, and √(−log p) up to which the tail is intermediate. */
const CENTRAL = 0.425;
const FAR_TAIL = 5;

/** Numerator and denominator of each region's rational function, from the constant term up. */
const CENTRE = [
  [
    3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987,
    67265.7709270087, 33430.57558358813, 2509.0809287301227,
  ],
  [
    1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
    28729.085735721943, 5226.495278852854,
  ],
] as const;
const TAIL = [
  [
    1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
    0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
  ],
  [
    1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
    0.0005475938084995345, 1.0507500716444169e-9,
  ],
] as const;
const EXTREME_TAIL = [
  [
    6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
    0.0012426609473880784, 0.000027115555687434876, 2.0103343992922881e-7,
  ],
  [
    1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133,
    0.000018463183175100548, 1.421511758316446e-7, 2.0442631033899397e-15,
  ],
] as const;

/**
 * The quantile of the standard normal distribution, to about 1e-15 relative.
 *
 * Φ⁻¹(p), −Infinity at 0 and Infinity at 1
 *
 * Throws RangeError outside [0, 1].
 * Source: Wichura 1988, algorithm AS 241 (PPND16), Applied Statistics 37:477–484.
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`probability ${p}`);
  const centred = p - 0.5;
  if (Math.abs(centred) <= CENTRAL) return centred * rational(CENTRE, CENTRAL * CENTRAL - centred * centred);
  const tail = centred < 0 ? p : 1 - p;
  if (tail === 0) return centred < 0 ? -Infinity : Infinity;
  const r = Math.sqrt(-Math.log(tail));
  const distance = r <= FAR_TAIL ? rational(TAIL, r - 1.6) : rational(EXTREME_TAIL, r - FAR_TAIL);
  return centred < 0 ? -distance : distance;
}

function rational([numerator, denominator]: readonly (readonly number[])[], x: number): number {
  return polynomial(numerator!, x) / polynomial(denominator!, x);
}

function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduceRight((sum, coefficient) => sum * x + coefficient, 0);
}
