export { compare, createKeyedFeed } from './keyed-feed.ts';
export { startLaneDrain } from './lane-drain.ts';
