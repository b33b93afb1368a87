/** Closes one after the other, each whatever becomes of those before. Throws what the first throws that fails. */
export async function closeAll(closes: readonly (() => Promise<unknown>)[]): Promise<void> {
  const failed: unknown[] = [];
  for (const close of closes) {
    try {
      await close();
    } catch (error) {
      failed.push(error);
    }
  }
  if (failed.length > 0) throw failed[0];
}
