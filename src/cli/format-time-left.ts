const MINUTE = 60;
const HOUR = 3600;

/** As `about 4 min left`; nothing below a minute. */
export function formatTimeLeft(seconds: number | undefined): string {
  if (seconds === undefined || seconds < MINUTE) return '';
  if (seconds < 90 * MINUTE) return `about ${Math.round(seconds / MINUTE)} min left`;
  return `about ${(seconds / HOUR).toPrecision(2)} h left`;
}
