import type { Difference } from './differences.ts';

export const kinesisLocalDifferences: readonly Difference[] = [];
