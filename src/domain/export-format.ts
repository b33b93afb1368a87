/** What arms can be exported as. */
export const EXPORT_FORMAT_NAMES = ['json', 'growthbook', 'unleash', 'launchdarkly', 'planout'] as const;
