/** Σ_j matrix[row, j] · vector[j]; the matrix is row-major with as many columns as the vector has entries. */
export function rowProduct(matrix: Float64Array, row: number, vector: Float64Array): number {
  const columns = vector.length;
  let sum = 0;
  for (let j = 0; j < columns; j++) sum += matrix[row * columns + j]! * vector[j]!;
  return sum;
}
