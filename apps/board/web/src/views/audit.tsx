import type { AuditAnswer, AuditEntry } from '../api/types.ts';
import { type Column, DataTable } from '../components/data-table.tsx';
import { Missing } from '../components/missing.tsx';
import { Page } from '../components/page.tsx';
import { useAnswer } from '../live/use-answer.ts';
import { timeText } from '../model/format.ts';

export function AuditView() {
  const answer = useAnswer<AuditAnswer>('api/audit');
  return (
    <Page title="Audit log" note="What operators did, on the board and on the command line: the last 1,000 entries, newest first.">
      {answer.value ? (
        <DataTable
          caption="Audit log"
          columns={COLUMNS}
          rows={answer.value.entries}
          keyOf={({ at, action, subject }) => `${at} ${action} ${subject}`}
          textOf={({ by, action, subject, facts }) => `${by} ${action} ${subject} ${factsText(facts)}`}
          empty="Nobody has changed anything yet."
        />
      ) : (
        <Missing answer={answer} what="the audit log" />
      )}
    </Page>
  );
}

const COLUMNS: readonly Column<AuditEntry>[] = [
  { title: 'When', cell: ({ at }) => <time dateTime={at}>{timeText(Date.parse(at))}</time>, sortBy: ({ at }) => at },
  { title: 'Who', cell: ({ by }) => by, sortBy: ({ by }) => by },
  { title: 'What', cell: ({ action }) => <code>{action}</code>, sortBy: ({ action }) => action },
  { title: 'To what', cell: ({ subject }) => subject, sortBy: ({ subject }) => subject },
  { title: 'Facts', cell: ({ facts }) => <span class="muted">{factsText(facts)}</span>, isSecondary: true },
];

const factsText = (facts: Readonly<Record<string, unknown>>): string =>
  Object.entries(facts)
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
