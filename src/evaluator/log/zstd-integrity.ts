import { type FileHandle, open } from 'node:fs/promises';
import { DomainError } from '../../domain/errors.ts';

/** Bytes of a frame's magic number, its longest header, and a block's header. */
const MAGIC_BYTES = 4;
const FRAME_HEADER_BYTES = 14;
const BLOCK_HEADER_BYTES = 3;
const CHECKSUM_BYTES = 4;
const SKIPPABLE_HEADER_BYTES = 8;

const FRAME_MAGIC = 0xfd2fb528;
const SKIPPABLE_MAGIC = 0x184d2a50;

/** Bytes of the dictionary's number and of the content's size, by the flags of the frame header. */
const DICTIONARY_BYTES = [0, 1, 2, 4];
const CONTENT_SIZE_BYTES = [0, 2, 4, 8];

/** The second type of block holds one byte, however many it stands for; the fourth is reserved. */
const RUN_LENGTH_BLOCK = 1;
const RESERVED_BLOCK = 3;

/**
 * Makes sure that a zstd file is whole, by walking from frame to frame and from block to block without decompressing them.
 *
 * DuckDB reads a truncated zstd file up to the cut without a word. Damage within a block is found when it is decompressed.
 * Source: RFC 8878, 3.1. Throws `log_unreadable`.
 */
export async function checkZstd(path: string): Promise<void> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    let offset = 0;
    while (offset < size) offset = await frameEnd(file, offset, path);
    if (offset > size) throw truncated(path);
  } finally {
    await file.close();
  }
}

async function frameEnd(file: FileHandle, start: number, path: string): Promise<number> {
  const header = await bytesAt(file, start, FRAME_HEADER_BYTES);
  if (header.length < MAGIC_BYTES) throw start === 0 ? notZstd(path) : truncated(path);
  const magic = header.readUInt32LE(0);
  if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE_MAGIC) {
    if (header.length < SKIPPABLE_HEADER_BYTES) throw truncated(path);
    return start + SKIPPABLE_HEADER_BYTES + header.readUInt32LE(MAGIC_BYTES);
  }
  if (magic !== FRAME_MAGIC)
    throw start === 0 ? notZstd(path) : damaged(path, 'a frame does not begin as one');
  const flags = header[MAGIC_BYTES];
  if (flags === undefined) throw truncated(path);
  const singleSegment = (flags & 0x20) !== 0;
  const contentSizeBytes = singleSegment && flags >> 6 === 0 ? 1 : CONTENT_SIZE_BYTES[flags >> 6]!;
  const windowBytes = singleSegment ? 0 : 1;
  let offset = start + MAGIC_BYTES + 1 + windowBytes + DICTIONARY_BYTES[flags & 3]! + contentSizeBytes;
  for (let isLast = false; !isLast;) {
    const block = await bytesAt(file, offset, BLOCK_HEADER_BYTES);
    if (block.length < BLOCK_HEADER_BYTES) throw truncated(path);
    const word = block.readUIntLE(0, BLOCK_HEADER_BYTES);
    const type = (word >> 1) & 3;
    if (type === RESERVED_BLOCK) throw damaged(path, 'a block is of no known type');
    isLast = (word & 1) === 1;
    offset += BLOCK_HEADER_BYTES + (type === RUN_LENGTH_BLOCK ? 1 : word >> 3);
  }
  return offset + ((flags & 4) === 0 ? 0 : CHECKSUM_BYTES);
}

async function bytesAt(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset);
  return buffer.subarray(0, bytesRead);
}

function notZstd(file: string): DomainError {
  return new DomainError('log_unreadable', 'is not zstd data: expected what the name says, a zstd file', {
    file,
  });
}

function truncated(file: string): DomainError {
  return new DomainError('log_unreadable', 'the zstd data is truncated: expected a whole file', { file });
}

function damaged(file: string, why: string): DomainError {
  return new DomainError('log_unreadable', `the zstd data is damaged (${why}): expected a whole file`, {
    file,
  });
}
