/** What a mean over requests is made of, R each. */
export interface RequestTerms {
  readonly value: Float64Array;
  /** 0 where the request is left out. */
  readonly weight: Float64Array;
}

/** The rows that count for a metric, and what follows from them whatever the ordering. */
export interface Selection {
  /** R + 1. */
  readonly requestOffsets: Int32Array;
  /** n; negative where the row does not count: it has no label, or is of another segment. */
  readonly label: Int8Array;
  /** n; undefined where every row weighs 1. */
  readonly weight: Float64Array | undefined;
  /** R: the mean weight of each request's rows that count, 0 where there are none; undefined where every row weighs 1. */
  readonly requestWeight: Float64Array | undefined;
  /** R: the rows that count. */
  readonly counted: Int32Array;
  /** R: those with a label above 0. */
  readonly positives: Int32Array;
  /** Where given, a metric that is a mean over requests writes here what it is made of. */
  readonly terms?: RequestTerms;
}

/** Counts rows and positives, and weighs requests. `requestOffsets` R + 1; `label` n; `weight` n ≥ 0. */
export function selectRows(requestOffsets: Int32Array, label: Int8Array, weight?: Float64Array): Selection {
  const requests = requestOffsets.length - 1;
  const counted = new Int32Array(requests);
  const positives = new Int32Array(requests);
  const requestWeight = weight === undefined ? undefined : new Float64Array(requests);
  for (let r = 0; r < requests; r++) {
    let total = 0;
    for (let i = requestOffsets[r]!; i < requestOffsets[r + 1]!; i++) {
      const y = label[i]!;
      if (y < 0) continue;
      counted[r]!++;
      if (y > 0) positives[r]!++;
      if (weight !== undefined) total += weight[i]!;
    }
    if (requestWeight !== undefined && counted[r]! > 0) requestWeight[r] = total / counted[r]!;
  }
  return { requestOffsets, label, weight, requestWeight, counted, positives };
}

/** The labels of one segment's rows; all others negative. */
export function labelsOfSegment(label: Int8Array, code: Int8Array, segment: number): Int8Array {
  return label.map((y, i) => (code[i] === segment ? y : -1));
}
