import { drawWorld, type World } from '../../bench/online/world/world.ts';

/** A world of the simulator whose log can be trusted, and of which the truth is known. */
const KIND = 'trustworthy';
const SEED = 56;

/** The surface that the walk-through is about. */
export function surface(): World {
  return drawWorld(KIND, SEED);
}
