/** The time now, ISO 8601. Passed in: nothing below the edge reads a clock. */
export type Clock = () => string;
