import type { Allocation } from '../../domain/allocation.ts';
import type { EXPORT_FORMAT_NAMES } from '../../domain/export-format.ts';
import { growthBookPayload } from './growthbook.ts';
import { launchDarklyPayload } from './launchdarkly.ts';
import { plainPayload } from './plain-json.ts';
import { planOutScript } from './planout.ts';
import { unleashPayload } from './unleash.ts';

/** What an allocation can be exported as. */
export const EXPORT_FORMATS = {
  json: plainPayload,
  growthbook: growthBookPayload,
  unleash: unleashPayload,
  launchdarkly: launchDarklyPayload,
  planout: planOutScript,
} as const satisfies Readonly<
  Record<(typeof EXPORT_FORMAT_NAMES)[number], (allocation: Allocation) => object>
>;

export type ExportFormat = keyof typeof EXPORT_FORMATS;
