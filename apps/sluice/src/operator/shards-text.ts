import { plural } from '@sluice/core';
import { pauseText, type ShardState, type StreamState } from '@sluice/operator';
import { shorten } from '../terminal/shorten.ts';
import { type Column, renderTable } from '../terminal/table.ts';

const COLUMNS: readonly Column<ShardState>[] = [
  { title: 'shard', value: ({ shardId }) => shardId },
  { title: 'state', value: ({ state, lease }) => (state === 'active' && lease === 'held' ? 'being read' : STATES[state]) },
  { title: 'owner', value: ({ owner }) => shorten(owner ?? 'nobody', 25) },
  { title: 'leased', value: ({ tokenNumber }) => `${tokenNumber} ×`, align: 'right' },
  {
    title: 'checkpoint',
    value: ({ checkpoint, startedAt }) => shorten(checkpoint.startsWith('AT_TIMESTAMP') ? startedAt : checkpoint, 24),
  },
  { title: 'parents', value: ({ parents }) => parents.map(numberOf).join(', ') },
];

/** `shardId-000000000012` is shard 12 to a person. */
const numberOf = (shardId: string): string => shardId.replace(/^shardId-0*(?=\d)/, '');

const STATES: Readonly<Record<ShardState['state'], string>> = {
  active: 'free',
  waiting: 'waits for parents',
  shardEnd: 'read to its end',
};

export function renderStreams(streams: readonly StreamState[]): string {
  if (streams.length === 0) return 'no stream has been read with this Redis yet\n';
  return streams
    .map(({ source, streamArn, shards, paused }) => {
      const head = `${source}: ${plural(shards.length, 'shard')} of ${streamArn}${paused ? `, ${pauseText(paused)}` : ''}`;
      return `${head}\n${renderTable(COLUMNS, shards)}`;
    })
    .join('\n');
}
