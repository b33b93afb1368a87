import type { Kernel, KernelName } from '../kernel.ts';
import { matern52 } from './matern52.ts';
import { rbf } from './rbf.ts';

export const kernelByName: Readonly<Record<KernelName, Kernel>> = { matern52, rbf };
