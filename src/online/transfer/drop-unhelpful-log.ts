import type { TransferModel } from './transfer-model.ts';

/**
 * Models of several metrics with one log, which is dropped for all of them unless it helps on the whole: Σ gain > 0.
 *
 * With a few arms a log that has nothing to do with a metric has a gain above 0 by chance now and then, and the more metrics there are,
 * the likelier one of them does; a log that helps one metric by much is one of the right surface, and that metric keeps it though another does not.
 * Models without a log are as they were.
 */
export function dropUnhelpfulLog(models: readonly TransferModel[]): readonly TransferModel[] {
  const gain = models.reduce((sum, { trust }) => sum + (trust?.evidence.gain ?? 0), 0);
  if (gain > 0) return models;
  return models.map(({ alone, trust }) => ({
    components: alone,
    alone,
    trust: trust && { ...trust, used: false },
  }));
}
