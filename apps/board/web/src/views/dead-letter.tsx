import { useState } from 'preact/hooks';
import { ActionButton } from '../actions/action-button.tsx';
import { offerRedrive, offerRemove } from '../actions/offers.ts';
import type { DeadLetterAnswer } from '../api/types.ts';
import { Facts } from '../components/facts.tsx';
import { Missing } from '../components/missing.tsx';
import { Notice, Page, Section } from '../components/page.tsx';
import { nowMs, session } from '../live/live.ts';
import { useAnswer } from '../live/use-answer.ts';
import { agoText, bytesText, shardText, timeText } from '../model/format.ts';
import { goTo } from '../routing/location.ts';
import { hrefs } from '../routing/route.ts';
import { DataText } from './data-text.tsx';

export function DeadLetterView({ target, id }: { readonly target: string; readonly id: string }) {
  const answer = useAnswer<DeadLetterAnswer>(`api/dead-letters/${encodeURIComponent(target)}/${encodeURIComponent(id)}`, 0);
  const trail = [
    { title: 'Dead letters', href: hrefs.deadLetters(null) },
    { title: target, href: hrefs.deadLetters(target) },
  ];
  const letter = answer.value;
  if (!letter) {
    return (
      <Page title="Dead letter" trail={trail}>
        <Missing answer={answer} what="This dead letter" />
      </Page>
    );
  }
  const back = () => goTo(hrefs.deadLetters(target));
  const actions = (
    <>
      <ActionButton offer={offerRedrive(target, [id], 'this dead letter')} text="Redrive…" onDone={back} />
      <ActionButton offer={offerRemove(target, [id], 'this dead letter')} text="Remove…" onDone={back} />
    </>
  );
  return (
    <Page
      title="Dead letter"
      trail={trail}
      status={{ level: 'note', word: letter.reason.code }}
      note={letter.reason.message}
      actions={actions}
    >
      <Section title="Record">
        <Facts facts={factsOf(letter)} />
      </Section>
      <Section title="Data">
        <Data path={`api/dead-letters/${encodeURIComponent(target)}/${encodeURIComponent(id)}?data=1`} />
      </Section>
    </Page>
  );
}

const factsOf = (letter: DeadLetterAnswer): Parameters<typeof Facts>[0]['facts'] => {
  const { id, target, lane, partitionKey, bytes, rejectedAtMs, origin, metadata } = letter;
  return [
    ['Id', <code>{id}</code>],
    ['Target', <a href={hrefs.target(target)}>{target}</a>],
    ['Lane', <a href={hrefs.lane(target, lane)}>{lane}</a>],
    ['Key', partitionKey === '' ? 'none' : <code>{partitionKey}</code>],
    ['Size', bytesText(bytes)],
    ['Rejected', `${timeText(rejectedAtMs)} (${agoText(rejectedAtMs, nowMs.value)})`],
    ['Source', origin ? `${origin.stream}, shard ${shardText(origin.shardId)}` : 'a client'],
    ['Sequence number', origin && <code>{origin.sequenceNumber}</code>],
    ['Arrived', origin && origin.arrivalTimeMs > 0 ? timeText(origin.arrivalTimeMs) : undefined],
    ...Object.entries(metadata ?? {}).map(
      ([name, value]) => [`Metadata ${name}`, <code>{typeof value === 'string' ? value : JSON.stringify(value)}</code>] as const,
    ),
  ];
};

/** The data is read when somebody asks for it, and only where the board may show it. */
function Data({ path }: { readonly path: string }) {
  const [isOpen, setOpen] = useState(false);
  if (session.value?.payloads !== true)
    return <Notice title="This board does not show the data of records">The setting sluice.board.payloads allows it.</Notice>;
  if (isOpen) return <OpenData path={path} />;
  return (
    <button type="button" class="button" onClick={() => setOpen(true)}>
      Show data
    </button>
  );
}

function OpenData({ path }: { readonly path: string }) {
  const answer = useAnswer<DeadLetterAnswer>(path, 0);
  return answer.value?.data === undefined ? <Missing answer={answer} what="the data" /> : <DataText base64={answer.value.data} />;
}
