import type { Response } from 'express';

/** The status that was sent; 499 where the client left before. */
export function sentStatus(response: Response): number {
  return response.writableFinished ? response.statusCode : 499;
}
