import {
  DuckDBBigIntVector,
  type DuckDBDataChunk,
  DuckDBDoubleVector,
  DuckDBTinyIntVector,
  DuckDBUBigIntVector,
} from '@duckdb/node-api';

/** The vectors hold their values in typed arrays; `getItem` makes an object of every 64-bit one. */
interface HoldsItems<T> {
  readonly items: T;
}

/** The values of a DOUBLE column. Valid until the next chunk is fetched. */
export function float64Items(chunk: DuckDBDataChunk, column: number): Float64Array {
  const vector = chunk.getColumnVector(column);
  if (!(vector instanceof DuckDBDoubleVector)) throw new RangeError(`column ${column} is no DOUBLE`);
  return (vector as unknown as HoldsItems<Float64Array>).items;
}

/** The values of a TINYINT column. */
export function int8Items(chunk: DuckDBDataChunk, column: number): Int8Array {
  const vector = chunk.getColumnVector(column);
  if (!(vector instanceof DuckDBTinyIntVector)) throw new RangeError(`column ${column} is no TINYINT`);
  return (vector as unknown as HoldsItems<Int8Array>).items;
}

/** The values of a BIGINT or UBIGINT column, two 32-bit words each. */
export function wordItems(chunk: DuckDBDataChunk, column: number): Int32Array {
  const vector = chunk.getColumnVector(column);
  if (!(vector instanceof DuckDBBigIntVector || vector instanceof DuckDBUBigIntVector)) {
    throw new RangeError(`column ${column} is no BIGINT`);
  }
  const { items } = vector as unknown as HoldsItems<BigInt64Array>;
  return new Int32Array(items.buffer, items.byteOffset, items.length * 2);
}
