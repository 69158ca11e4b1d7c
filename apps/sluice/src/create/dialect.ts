/** What a configuration is written in; `sluice` are our own settings. */
export type Dialect = 'benthos' | 'module' | 'sluice';

export const dialects: readonly Dialect[] = ['benthos', 'module', 'sluice'];
