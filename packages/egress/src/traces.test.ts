import { openTestTracing } from '@sluice/telemetry/testing';
import { expect, it } from 'vitest';
import { RecordInHand } from './egress-writer/record-in-hand.ts';
import { recordOf } from './testing/fake-lane.ts';
import { settled } from './testing/held-sink.ts';
import { holdOf, writerOf } from './testing/writer-rig.ts';

it('a request is below the job of its first record, and linked to the jobs of the others', async () => {
  const { tracing, ended } = openTestTracing();
  const jobs = ['one', 'two', 'three'].map((name) => tracing.start({ name, kind: 'consumer' }));
  const { writer, sink, events } = writerOf({ ordering: 'none' }, undefined, { tracing });
  const hold = holdOf();
  const records = ['a1', 'b1', 'c1', 'd1'].map((text, index) => {
    const job = jobs[Math.min(index, 2)]!;
    return new RecordInHand(recordOf(text), hold, { ack: { settle: () => undefined }, acceptedMs: 0, traces: [job.traceparent] }, index);
  });
  const [first, second, ...rest] = records;
  const container = RecordInHand.inPlaceOf(rest, { content: new Uint8Array(1), metadata: {} }, hold, { settle: () => undefined });
  writer.accept([first!, second!, container]);
  await sink.open[0]!.answer();
  await settled();
  for (const job of jobs) job.end();

  const put = (await ended()).find(({ name }) => name.startsWith('put'));
  expect(put).toMatchObject({ parent: 'one', links: ['two', 'three'], error: undefined });
  const answered = events.find((event) => event.type === 'request.answered');
  expect(answered?.delivered?.traceId).toBe(put?.traceId);
});

it('a request that fails says why', async () => {
  const { tracing, ended } = openTestTracing();
  const { writer, sink, hold } = writerOf({}, undefined, { tracing });
  writer.accept(hold.records('a1'));
  await sink.open[0]!.fail(new Error('a bug'));
  await settled();
  expect((await ended()).map(({ parent, error }) => [parent, error])).toEqual([[undefined, expect.any(String)]]);
});
