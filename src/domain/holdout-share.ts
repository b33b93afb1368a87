/** A hold-out leaves both parts enough to be scored on. */
export const SMALLEST_SHARE = 0.05;
export const LARGEST_SHARE = 0.9;
