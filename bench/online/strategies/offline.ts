import { offlineOptimum } from '../world/world.ts';
import type { Strategy } from './strategy.ts';

/** Ships the optimum of the log under the guardrails on the log, without an experiment. */
export const offline: Strategy = (world) => ({ weights: offlineOptimum(world).weights });
