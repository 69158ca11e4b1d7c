import type { TargetOverview, WriterOverview } from '../../api/types.ts';
import { Badge } from '../../components/badge.tsx';
import { Icon } from '../../components/icon.tsx';
import { bytesText, compactText, countText, durationText, latencyText, plural, rateText } from '../../model/format.ts';
import { compareLevels } from '../../model/level.ts';
import { levelOf, OLDEST_MS } from '../../model/limits.ts';
import { targetStatus } from '../../model/target-status.ts';
import { targetFigures } from '../../model/totals.ts';
import { writerStatus } from '../../model/writer-status.ts';
import { hrefs } from '../../routing/route.ts';
import { LaneGrid } from '../lane-grid.tsx';

/** One target from its lanes to where its records go. */
export function TargetCard({ target }: { readonly target: TargetOverview }) {
  const { target: name, kind, lanes, paused } = target;
  const status = targetStatus(target);
  const figures = targetFigures(target);
  const flows = figures.recordsOut + figures.invocations > 0;
  return (
    <article class={`card target-card level-${status.level} ${flows ? 'flows' : ''}`} data-card={`target ${name}`}>
      <header class="card-head">
        <h4>
          <Icon name={kind === 'function' ? 'function' : 'target'} />
          <a href={hrefs.target(name)}>{name}</a>
        </h4>
        {kind && <span class="tag">{kind}</span>}
        <Badge status={status} />
      </header>
      {paused && <p class="card-sub">{`paused by ${paused.by}${paused.reason ? `: ${paused.reason}` : ''}`}</p>}
      <div class="target-flow">
        <div class="target-lanes">
          <LaneGrid target={target} size={lanes.length > 64 ? 'small' : 'medium'} />
          <p class="card-foot">
            {plural(lanes.length, 'lane')} · <b>{compactText(figures.records)}</b> records · {bytesText(figures.bytes)}
            {figures.oldestMs !== null && (
              <span class={`level-${levelOf(figures.oldestMs, OLDEST_MS)} oldest`}> · oldest {durationText(figures.oldestMs)}</span>
            )}
          </p>
        </div>
        <Writers writers={target.writers} />
        <Output target={target} />
      </div>
    </article>
  );
}

const SHOWN = 4;

/** How much, and how long a request takes. */
const paceText = (writer: WriterOverview): string => {
  const rate = writer.kind === 'egress' ? writer.recordsPerSecond : writer.invocationsPerSecond;
  return writer.requestMs > 0 ? `${rate < 100_000 ? rateText(rate) : compactText(rate)}/s · ${latencyText(writer.requestMs)}` : 'at rest';
};

function Writers({ writers }: { readonly writers: readonly WriterOverview[] }) {
  const sorted = writers.toSorted((a, b) => compareLevels(writerStatus(a).level, writerStatus(b).level));
  if (sorted.length === 0) return <p class="writers muted">no worker serves it</p>;
  return (
    <ul class="writers">
      {sorted.slice(0, SHOWN).map((writer) => {
        const status = writerStatus(writer);
        return (
          <li key={writer.worker}>
            <a href={hrefs.worker(writer.worker)}>{writer.worker}</a>
            {status.level === 'ok' ? <span class="muted writer-rate">{paceText(writer)}</span> : <Badge status={status} />}
          </li>
        );
      })}
      {sorted.length > SHOWN && <li class="muted">and {plural(sorted.length - SHOWN, 'other')}</li>}
    </ul>
  );
}

function Output({ target }: { readonly target: TargetOverview }) {
  const { target: name, kind, deadLetters, parked, delayed } = target;
  const figures = targetFigures(target);
  return (
    <div class="output">
      <p class="output-rate">
        <b>{rateText(kind === 'function' ? figures.invocations : figures.recordsOut)}</b> {kind === 'function' ? 'calls/s' : 'records/s'}
      </p>
      {kind !== 'function' && <p class="muted">{bytesText(figures.bytesOut)}/s</p>}
      <ul class="chips">
        {figures.failed > 0 && <li class="chip level-warn">{`${rateText(figures.failed)}/s tried again`}</li>}
        {parked > 0 && (
          <li>
            <a class="chip level-warn" href={hrefs.target(name)}>
              {countText(parked)} parked
            </a>
          </li>
        )}
        {deadLetters > 0 && (
          <li>
            <a class="chip level-note" href={hrefs.deadLetters(name)}>
              {plural(deadLetters, 'dead letter')}
            </a>
          </li>
        )}
        {delayed > 0 && <li class="chip level-idle">{countText(delayed)} due later</li>}
      </ul>
    </div>
  );
}
