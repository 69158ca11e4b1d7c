import type { StreamOverview } from '../../api/types.ts';
import { Badge } from '../../components/badge.tsx';
import { Icon } from '../../components/icon.tsx';
import { bytesText, plural, rateText, secondsText } from '../../model/format.ts';
import { LAG_SECONDS, levelOf } from '../../model/limits.ts';
import { streamStatus } from '../../model/stream-status.ts';
import { hrefs } from '../../routing/route.ts';
import { ShardGrid } from '../shard-grid.tsx';

export function StreamCard({ stream }: { readonly stream: StreamOverview }) {
  const { source, ingress, stream: name, shards, recordsPerSecond, bytesPerSecond, lagMaxSeconds } = stream;
  const status = streamStatus(stream);
  return (
    <article class={`card stream-card level-${status.level}`} data-card={`stream ${source}`}>
      <header class="card-head">
        <h4>
          <Icon name="stream" />
          <a href={hrefs.stream(source)}>{name}</a>
        </h4>
        <Badge status={status} />
      </header>
      <p class="card-sub">ingress {ingress}</p>
      <dl class="card-figures">
        <div>
          <dt>Read</dt>
          <dd>
            <b>{rateText(recordsPerSecond)}</b> records/s
          </dd>
        </div>
        <div>
          <dt>Bytes</dt>
          <dd>{bytesText(bytesPerSecond)}/s</dd>
        </div>
        <div class={`level-${levelOf(lagMaxSeconds, LAG_SECONDS)}`}>
          <dt>Lag</dt>
          <dd>{lagMaxSeconds === null ? '–' : secondsText(lagMaxSeconds)}</dd>
        </div>
      </dl>
      <ShardGrid stream={stream} size={shards.length > 200 ? 'small' : 'medium'} />
      <p class="card-foot">{plural(shards.length, 'shard')}</p>
    </article>
  );
}
