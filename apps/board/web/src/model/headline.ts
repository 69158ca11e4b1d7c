import type { Overview } from '../api/types.ts';
import { countText, plural, rateText, secondsText } from './format.ts';
import type { Level } from './level.ts';
import { totalsOf } from './totals.ts';
import type { Trouble } from './troubles.ts';

export interface Headline {
  readonly level: Level;
  /** One sentence: all is well, or what is wrong and where. */
  readonly title: string;
  readonly detail: string;
}

export function headlineOf(overview: Overview, troubles: readonly Trouble[]): Headline {
  const { streams, targets, workers } = overview;
  if (streams.length + targets.length + workers.length === 0) {
    return {
      level: 'idle',
      title: 'Nothing runs here yet',
      detail: 'No worker has used this Redis under this prefix. Start one, and its streams, lanes and writers appear here.',
    };
  }
  const detail = detailOf(overview);
  if (workers.length === 0) return { level: 'bad', title: 'No worker runs', detail: `Nothing is read or written. ${detail}` };
  const [worst] = troubles;
  if (worst === undefined || worst.level === 'note' || worst.level === 'idle') return { level: 'ok', title: flowTitle(overview), detail };
  const serious = troubles.filter(({ level }) => level === 'bad' || level === 'warn').length;
  const more = serious > 1 ? `, and ${countText(serious - 1)} more` : '';
  return { level: worst.level, title: `${worst.where}: ${worst.what}${more}`, detail };
}

function flowTitle(overview: Overview): string {
  const { recordsIn, recordsOut, lag } = totalsOf(overview);
  const rate = Math.max(recordsIn, recordsOut);
  const flow = rate === 0 ? 'All is well and quiet' : `Everything flows: ${rateText(rate)} records/s`;
  return lag === null ? flow : `${flow}, lag ${secondsText(lag)}`;
}

function detailOf({ streams, targets, workers }: Overview): string {
  const shards = streams.reduce((total, stream) => total + stream.shards.length, 0);
  const lanes = targets.reduce((total, target) => total + target.lanes.length, 0);
  return `${plural(streams.length, 'stream')} with ${plural(shards, 'shard')}, ${plural(targets.length, 'target')} with ${plural(lanes, 'lane')}, ${plural(workers.length, 'worker')}.`;
}
