import manifest from '../package.json' with { type: 'json' };

/** The version of Sluice that this process runs. */
export const RELEASE: string = manifest.version;
