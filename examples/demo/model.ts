/** The constants of the generator's model; `README.md` beside this file has the equations. */
export const MODEL = {
  seed: 20260301,
  requests: 2200,
  /** Impressions of a request: uniform on {shortest, …, longest}. */
  impressions: { shortest: 4, longest: 16 },
  /** β, for every head. */
  negativeKeepRate: 0.1,
  /** Standard deviations of what all impressions of a request share. */
  context: { activity: 0.5, intent: 0.6 },
  /** Logits of the true probabilities: intercept, then loadings. `long_click` is given a click. */
  heads: {
    save: { intercept: -3.9, activity: 0.8, intent: 0.6, appeal: 0.1, usefulness: 1.1, noise: 0.9 },
    click: { intercept: -1.9, activity: 1, intent: 0, appeal: 1.1, usefulness: 0.3, noise: 0.7 },
    long_click: { intercept: -0.7, activity: 0, intent: 0.3, appeal: -0.5, usefulness: 0.9, noise: 0.9 },
    close_up: { intercept: -2.3, activity: 0.6, intent: -0.2, appeal: 0.9, usefulness: 0.1, noise: 0.6 },
  },
  /** Share of the variance of a head's noise that is common to all heads. */
  sharedNoise: 0.15,
  /** Share of requests, from an old client, that log no close_up. */
  closeUpMissing: 0.12,
  /** The last production model: its weights, and the standard deviation of the noise on its logit. */
  production: { weights: { save: 0.1, click: 0.4, long_click: 0.4, close_up: 0.1 }, noise: 0.3 },
  scoreDecimals: 5,
} as const;

export type HeadName = keyof typeof MODEL.heads;

export const HEAD_NAMES = ['save', 'click', 'long_click', 'close_up'] as const satisfies readonly HeadName[];
