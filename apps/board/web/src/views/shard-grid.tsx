import type { ShardOverview, StreamOverview } from '../api/types.ts';
import { type Cell, CellGrid, type CellGridProps } from '../components/cell-grid.tsx';
import { plural, rateText, secondsText, shardText } from '../model/format.ts';
import { rateStep, shardStatus } from '../model/shard-status.ts';
import { hrefs } from '../routing/route.ts';

/** A square a shard: its shade is how much it is read, its mark what is the matter. */
export function ShardGrid({ stream, size }: { readonly stream: StreamOverview; readonly size: CellGridProps['size'] }) {
  const busiest = stream.shards.reduce((most, { recordsPerSecond }) => Math.max(most, recordsPerSecond), 0);
  const cells = stream.shards.map((shard) => cellOf(shard, stream, busiest));
  return <CellGrid label={`${plural(cells.length, 'shard')} of ${stream.source}`} cells={cells} size={size} />;
}

function cellOf(shard: ShardOverview, stream: StreamOverview, busiest: number): Cell {
  const { level, word, reason } = shardStatus(shard, stream);
  const lag = shard.lagSeconds === null ? '' : `, lag ${secondsText(shard.lagSeconds)}`;
  const rate = shard.state === 'reading' ? `, ${rateText(shard.recordsPerSecond)} records/s` : '';
  return {
    ...{ key: shard.shardId, level, href: hrefs.shard(stream.source, shard.shardId) },
    label: `shard ${shardText(shard.shardId)}: ${word}${lag}${rate}${reason ? `, ${reason}` : ''}${shard.owner ? `, ${shard.owner}` : ''}`,
    shade: shard.owner === null ? 'hollow' : rateStep(shard.recordsPerSecond, busiest),
  };
}
