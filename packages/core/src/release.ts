import manifest from '../package.json' with { type: 'json' };

/** The version of Sluice that runs; all its packages have the same. */
export const RELEASE: string = manifest.version;
