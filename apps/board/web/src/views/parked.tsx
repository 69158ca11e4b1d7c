import { ActionButton } from '../actions/action-button.tsx';
import { offerRetry, offerSkip } from '../actions/offers.ts';
import type { FunctionsAnswer, ParkedAddress } from '../api/types.ts';
import { type Column, DataTable } from '../components/data-table.tsx';
import { Missing } from '../components/missing.tsx';
import { Section } from '../components/page.tsx';
import { nowMs } from '../live/live.ts';
import { useAnswer } from '../live/use-answer.ts';
import { countText, durationText, plural } from '../model/format.ts';

/** The addresses of a function for which messages wait, with what can be done about them. */
export function ParkedSection({ type, count }: { readonly type: string; readonly count: number }) {
  const answer = useAnswer<FunctionsAnswer>(`api/functions?type=${encodeURIComponent(type)}&offset=0`);
  const columns = columnsOf(nowMs.value, answer.reload);
  const tools =
    count > 0 ? (
      <>
        <ActionButton offer={offerRetry(type, 'all')} text="Retry all" onDone={answer.reload} />
        <ActionButton offer={offerSkip(type, 'all')} text="Skip all…" onDone={answer.reload} />
      </>
    ) : undefined;
  return (
    <Section title="Parked addresses" note="A failing address stops itself only. It is tried again by itself." tools={tools}>
      {answer.value ? (
        <DataTable
          caption={`Parked addresses of ${type}`}
          columns={columns}
          rows={answer.value.addresses}
          keyOf={({ id }) => id}
          textOf={({ id, parking }) => `${id} ${parking?.reason.message ?? ''}`}
          empty="No address is parked."
        />
      ) : (
        <Missing answer={answer} what="the parked addresses" />
      )}
    </Section>
  );
}

const columnsOf = (now: number, reload: () => void): Column<ParkedAddress>[] => [
  { title: 'Address', cell: ({ id }) => <code>{id}</code>, sortBy: ({ id }) => id },
  { title: 'Messages', cell: ({ records }) => countText(records), sortBy: ({ records }) => records, align: 'right', isSecondary: true },
  {
    title: 'Parked for',
    cell: ({ parking }) => (parking ? durationText(now - parking.since) : 'has a backlog'),
    sortBy: ({ parking }) => parking?.since ?? null,
    align: 'right',
    isSecondary: true,
  },
  { title: 'Failed', cell: ({ parking }) => (parking ? plural(parking.attempts, 'time') : '–'), align: 'right', isSecondary: true },
  {
    title: 'Next try',
    cell: ({ parking }) => (parking ? (parking.retryAt <= now ? 'now' : `in ${durationText(parking.retryAt - now)}`) : '–'),
    align: 'right',
    isSecondary: true,
  },
  {
    title: 'Reason',
    cell: ({ parking }) =>
      parking ? (
        <>
          {parking.reason.message} <code class="muted">{parking.reason.code}</code>
        </>
      ) : (
        '–'
      ),
  },
  {
    title: 'Actions',
    cell: ({ type, id, parking }) =>
      parking ? (
        <span class="row-actions">
          <ActionButton isSmall offer={offerRetry(type, id)} onDone={reload} />
          <ActionButton isSmall offer={offerSkip(type, id)} onDone={reload} />
        </span>
      ) : null,
  },
];
