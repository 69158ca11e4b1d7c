import { useState } from 'preact/hooks';
import { ActionButton } from '../actions/action-button.tsx';
import { offerDropJob } from '../actions/offers.ts';
import type { JobAnswer, JobRecord } from '../api/types.ts';
import { type Column, DataTable } from '../components/data-table.tsx';
import { type Fact, Facts } from '../components/facts.tsx';
import { Missing } from '../components/missing.tsx';
import { Page, Section } from '../components/page.tsx';
import { nowMs, session } from '../live/live.ts';
import { useAnswer } from '../live/use-answer.ts';
import { agoText, bytesText, plural, shardText, timeText } from '../model/format.ts';
import { hrefs } from '../routing/route.ts';
import { DataText } from './data-text.tsx';

export interface JobViewProps {
  readonly target: string;
  readonly lane: number;
  readonly job: string;
}

export function JobView({ target, lane, job }: JobViewProps) {
  const [isOpen, setOpen] = useState(false);
  const path = `api/lanes/${encodeURIComponent(target)}/${lane}/jobs/${encodeURIComponent(job)}`;
  const answer = useAnswer<JobAnswer>(isOpen ? `${path}?data=1` : path, 0);
  const trail = [
    { title: 'Targets', href: hrefs.targets },
    { title: target, href: hrefs.target(target) },
    { title: `Lane ${lane}`, href: hrefs.lane(target, lane) },
  ];
  const mayShow = session.value?.payloads === true;
  const tools = mayShow ? (
    <button type="button" class="button" aria-pressed={isOpen} onClick={() => setOpen(!isOpen)}>
      {isOpen ? 'Hide data' : 'Show data'}
    </button>
  ) : undefined;
  return (
    <Page title={`Job ${job}`} trail={trail} actions={<ActionButton offer={offerDropJob(target, lane, job)} text="Drop…" />}>
      {answer.value ? (
        <>
          <Section title="Details">
            <Facts facts={factsOf(answer.value)} />
          </Section>
          <Section
            title="Records"
            note={mayShow ? undefined : 'This board does not show the data of records (sluice.board.payloads).'}
            tools={tools}
          >
            <DataTable
              caption={`Records of job ${job}`}
              columns={isOpen ? [...COLUMNS, DATA] : COLUMNS}
              rows={answer.value.records}
              keyOf={({ index }) => String(index)}
              textOf={({ key }) => key}
              empty="It has no records."
            />
          </Section>
        </>
      ) : (
        <Missing answer={answer} what="this job" />
      )}
    </Page>
  );
}

function factsOf({ state, data, fault }: JobAnswer): readonly Fact[] {
  const what: Fact = ['State', state === 'active' ? 'in flight' : 'waiting'];
  if (data === null) return [what, ['Fault', fault ?? 'it cannot be read']];
  const enqueuedAtMs = Date.parse(data.enqueuedAt);
  return [
    what,
    ['Fault', fault],
    ['Records', `${plural(data.records, 'record')}, ${bytesText(data.bytes)}`],
    ['Enqueued', `${timeText(enqueuedAtMs)} (${agoText(enqueuedAtMs, nowMs.value)})`],
    ['Source', data.source ? `${data.source.stream}, shard ${shardText(data.source.shard)}` : 'a client'],
    ['First record', data.source && <code>{data.source.first}</code>],
    ['Last record', data.source && <code>{data.source.last}</code>],
    ['Attempts', data.attempts > 0 ? String(data.attempts) : undefined],
    ['Last reason', data.lastReason],
    ['Still to deliver', data.remaining && `records ${data.remaining}`],
  ];
}

const COLUMNS: readonly Column<JobRecord>[] = [
  { title: '#', cell: ({ index }) => index, align: 'right' },
  { title: 'Key', cell: ({ key }) => (key === '' ? <span class="muted">none</span> : <code>{key}</code>), sortBy: ({ key }) => key },
  { title: 'Bytes', cell: ({ bytes }) => bytesText(bytes), sortBy: ({ bytes }) => bytes, align: 'right' },
  {
    title: 'Arrived',
    cell: ({ origin }) => (origin && origin.arrivalTimeMs > 0 ? timeText(origin.arrivalTimeMs) : '–'),
    isSecondary: true,
  },
  { title: 'Sequence number', cell: ({ origin }) => (origin ? <code>{origin.sequenceNumber}</code> : '–'), isSecondary: true },
];

const DATA: Column<JobRecord> = { title: 'Data', cell: ({ data }) => (data === undefined ? '–' : <DataText base64={data} />) };
