export { type BinnedLog, isBinned } from '../evaluator/histogram/binned-log.ts';
