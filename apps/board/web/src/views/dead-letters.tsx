import { useEffect, useState } from 'preact/hooks';
import { ActionButton } from '../actions/action-button.tsx';
import { offerRedrive, offerRemove } from '../actions/offers.ts';
import type { DeadLetterSummary, DeadLettersAnswer, Overview } from '../api/types.ts';
import { type Column, DataTable } from '../components/data-table.tsx';
import { Missing } from '../components/missing.tsx';
import { Notice, Page } from '../components/page.tsx';
import { nowMs } from '../live/live.ts';
import { useAnswer } from '../live/use-answer.ts';
import { agoText, bytesText, countText, plural, shardText, shorten } from '../model/format.ts';
import { goTo } from '../routing/location.ts';
import { hrefs } from '../routing/route.ts';

/** As many as the page shows at once; older ones come as these are dealt with. */
const COUNT = 500;

/** Records that can never succeed, of one target: with one, or of the first that has any, as no list goes across targets. */
export function DeadLettersView({ overview, target }: { readonly overview: Overview; readonly target: string | null }) {
  const withLetters = overview.targets.filter(({ deadLetters }) => deadLetters > 0);
  const shown = target ?? withLetters[0]?.target;
  return (
    <Page
      title="Dead letters"
      note="Records that can never succeed as they are, each with its reason. Redrive them once the reason is gone, or remove them."
    >
      {shown === undefined ? (
        <Notice title="There are no dead letters">Every record found its way.</Notice>
      ) : (
        <Letters overview={overview} target={shown} key={shown} />
      )}
    </Page>
  );
}

function Letters({ overview, target }: { readonly overview: Overview; readonly target: string }) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const answer = useAnswer<DeadLettersAnswer>(`api/dead-letters?target=${encodeURIComponent(target)}&offset=0&count=${COUNT}`);
  const letters = answer.value?.letters;
  // What is gone is no longer chosen.
  useEffect(() => {
    if (letters && [...chosen].some((id) => !letters.some((letter) => letter.id === id)))
      setChosen(new Set(letters.map(({ id }) => id).filter((id) => chosen.has(id))));
  }, [letters]);
  const choices = overview.targets.filter((each) => each.deadLetters > 0 || each.target === target);
  const total = answer.value?.total ?? 0;
  const isAll = chosen.size === 0;
  const ids = isAll ? 'all' : [...chosen];
  const title = isAll ? `all ${plural(total, 'dead letter')} of ${target}` : `${plural(chosen.size, 'dead letter')} of ${target}`;
  return (
    <>
      <div class="toolbar">
        <label class="inline-field">
          Target
          <select value={target} onChange={(event) => goTo(hrefs.deadLetters(event.currentTarget.value))}>
            {choices.map((each) => (
              <option key={each.target} value={each.target}>
                {`${each.target} (${countText(each.deadLetters)})`}
              </option>
            ))}
          </select>
        </label>
        <div class="actions">
          <ActionButton
            offer={offerRedrive(target, ids, title)}
            text={isAll ? 'Redrive all…' : `Redrive ${countText(chosen.size)}…`}
            onDone={answer.reload}
            obstacle={total === 0 ? 'There are no dead letters' : undefined}
          />
          <ActionButton
            offer={offerRemove(target, ids, title)}
            text={isAll ? 'Remove all…' : `Remove ${countText(chosen.size)}…`}
            onDone={answer.reload}
            obstacle={total === 0 ? 'There are no dead letters' : undefined}
          />
        </div>
      </div>
      {letters ? (
        <>
          {total > letters.length && <p class="muted">{`The newest ${countText(letters.length)} of ${countText(total)}.`}</p>}
          <DataTable
            caption={`Dead letters of ${target}`}
            columns={columnsOf(target, nowMs.value)}
            rows={letters}
            keyOf={({ id }) => id}
            textOf={({ id, partitionKey, reason }) => `${id} ${partitionKey} ${reason.code} ${reason.message}`}
            empty="It has no dead letters."
            selection={{ chosen, onChange: setChosen, labelOf: (id) => `dead letter ${id}` }}
          />
        </>
      ) : (
        <Missing answer={answer} what="the dead letters" />
      )}
    </>
  );
}

const columnsOf = (target: string, now: number): Column<DeadLetterSummary>[] => [
  {
    title: 'Reason',
    cell: ({ id, reason }) => (
      <>
        <a href={hrefs.deadLetter(target, id)}>{shorten(reason.message, 120)}</a>
        <code class="cell-reason">{reason.code}</code>
      </>
    ),
    sortBy: ({ reason }) => reason.code,
  },
  {
    title: 'Key',
    cell: ({ partitionKey }) => (partitionKey === '' ? <span class="muted">none</span> : <code>{shorten(partitionKey, 24)}</code>),
    sortBy: ({ partitionKey }) => partitionKey,
    isSecondary: true,
  },
  {
    title: 'Lane',
    cell: ({ lane }) => <a href={hrefs.lane(target, lane)}>{lane}</a>,
    sortBy: ({ lane }) => lane,
    align: 'right',
    isSecondary: true,
  },
  { title: 'Source', cell: ({ origin }) => (origin ? `${origin.stream} ${shardText(origin.shardId)}` : 'a client'), isSecondary: true },
  { title: 'Bytes', cell: ({ bytes }) => bytesText(bytes), sortBy: ({ bytes }) => bytes, align: 'right', isSecondary: true },
  { title: 'Rejected', cell: ({ rejectedAtMs }) => agoText(rejectedAtMs, now), sortBy: ({ rejectedAtMs }) => rejectedAtMs, align: 'right' },
];
