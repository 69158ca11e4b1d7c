/** A writer whose processors wait until the test lets them go on. */
import type { ProcessorChain } from '@sluice/processors';
import { describe, expect, it } from 'vitest';
import { chainOf } from '../testing/chain.ts';
import { HeldChain } from '../testing/held-chain.ts';
import { settled } from '../testing/held-sink.ts';
import { holdOf, writerOf } from '../testing/writer-rig.ts';

const BATCH_OF_THREE = { count: 3, byteSize: 0, periodMs: 0 };
const LINES = { type: 'archive', options: { format: 'lines' } };
const DROP_X = 'root = if content().string().has_prefix("x") { deleted() }';

describe('records whose processors wait', () => {
  it('are processed key by key: those of a key one after the other, other keys meanwhile', async () => {
    const { chain, writer, sink } = waitingWriter();
    writer.accept(holdOf().records('a1', 'a2', 'b1', 'a3', 'b2'));
    expect(chain.texts).toEqual(['a1', 'b1']);
    await release(chain, 'b1');
    expect([chain.texts, sink.texts]).toEqual([['a1', 'b2'], [['b1']]]);
    await release(chain, 'a1');
    expect(chain.texts).toEqual(['b2', 'a2']);
    await release(chain, 'a2');
    await release(chain, 'a3');
    await release(chain, 'b2');
    while (sink.open.length > 0) await sink.open[0]!.answer();
    expect(sink.written.filter((text) => text.startsWith('a'))).toEqual(['a1', 'a2', 'a3']);
    expect(sink.written.filter((text) => text.startsWith('b'))).toEqual(['b1', 'b2']);
    expect(writer.isIdle).toBe(true);
  });

  it('wait in turn where too many do', async () => {
    const { chain, writer } = waitingWriter();
    const keys = Array.from({ length: 70 }, (_, number) => `${'k'.repeat(number + 1)}1`);
    writer.accept(holdOf().records(...keys));
    expect(chain.texts).toEqual(keys.slice(0, 64));
    await release(chain, 'kk1');
    expect(chain.texts.at(-1)).toBe(keys[64]);
  });

  it('count as filtered only once they are', async () => {
    const { chain, writer, hold } = waitingWriter(chainOf(DROP_X));
    writer.accept(hold.records('x1'));
    expect(hold.written).toEqual([]);
    await release(chain, 'x1');
    expect(hold.written).toEqual(['x1']);
  });

  it('go back with their lane, which gives up their processing at once', async () => {
    const { chain, writer, sink, hold } = waitingWriter(chainOf(DROP_X));
    const other = holdOf();
    writer.accept(hold.records('a1', 'x1', 'a2'));
    writer.accept(other.records('b1'));
    hold.isOpen = false;
    await writer.withdraw(hold);
    await settled();
    expect([chain.texts, hold.written, sink.texts]).toEqual([['b1'], [], []]);
    await release(chain, 'b1');
    expect(sink.texts).toEqual([['b1']]);
  });

  it('leave no trace where processors end after their lane has gone', async () => {
    const { chain, writer, sink, hold } = waitingWriter(chainOf(DROP_X));
    writer.accept(hold.records('a1', 'x1'));
    hold.isOpen = false;
    for (const text of ['a1', 'x1']) await release(chain, text);
    expect([sink.texts, hold.written, writer.isIdle]).toEqual([[], [], true]);
  });

  it('go back with messages that need a lane that has gone, and so do those that share a lane with these', async () => {
    const chain = new HeldChain(chainOf({ type: 'split', options: { size: 2, byte_size: 0 } }, LINES));
    const { writer, sink, hold } = writerOf({
      batching: { count: 4, byteSize: 0, periodMs: 0 },
      processing: { records: undefined, batches: chain, refusesFailed: false },
    });
    const [middle, gone] = [holdOf(), holdOf()];
    writer.accept([...hold.records('a'), ...middle.records('b', 'c'), ...gone.records('d')]);
    gone.isOpen = false;
    await release(chain, 'a,b,c,d');
    expect([hold.isDisplaced, middle.isDisplaced, sink.texts, writer.isIdle]).toEqual([true, true, [], true]);
  });

  it('go back with a lane that is withdrawn when their processors have just ended', async () => {
    const { chain, writer, sink, hold } = waitingWriter();
    writer.accept(hold.records('a1'));
    chain.open[0]!.release();
    // Its messages are there, and nobody has taken them yet.
    await Promise.resolve();
    hold.isOpen = false;
    await writer.withdraw(hold);
    await settled();
    expect([sink.texts, writer.isIdle]).toEqual([[], true]);
  });

  it('leave one by one at a shutdown, without waiting for a batch', async () => {
    const { chain, writer, sink, hold } = waitingWriter(undefined, { batching: BATCH_OF_THREE });
    writer.accept(hold.records('a1', 'b1'));
    writer.flush('shutdown');
    await release(chain, 'b1');
    expect(sink.texts).toEqual([['b1']]);
    await release(chain, 'a1');
    expect(sink.texts).toEqual([['b1'], ['a1']]);
  });

  it('leave with the last of them where there is no room for the rest of the batch', async () => {
    const { chain, writer, sink, hold } = waitingWriter(undefined, { batching: BATCH_OF_THREE });
    writer.accept(hold.records('a1', 'b1'));
    writer.flush('memory');
    await release(chain, 'b1');
    expect(sink.texts).toEqual([]);
    await release(chain, 'a1');
    expect(sink.texts).toEqual([['b1', 'a1']]);
  });

  it('break the writer where processors have a bug', async () => {
    const { chain, writer, hold, bugs } = waitingWriter();
    writer.accept(hold.records('a1', 'a2'));
    chain.open[0]!.fail(new Error('a bug'));
    await settled();
    expect([bugs(), chain.texts, hold.written]).toEqual([[new Error('a bug')], ['a2'], []]);
  });

  it('are given up when the writer stops', async () => {
    const { chain, writer, hold, stop, bugs } = waitingWriter();
    writer.accept(hold.records('a1', 'a2'));
    stop();
    await settled();
    expect([chain.texts, bugs()]).toEqual([[], []]);
  });
});

describe('batches whose processors wait', () => {
  it('are processed one after the other', async () => {
    const chain = new HeldChain(chainOf(LINES));
    const processing = { records: undefined, batches: chain, refusesFailed: false };
    const { writer, sink, hold } = writerOf({ processing, batching: { ...BATCH_OF_THREE, count: 2 } });
    writer.accept(hold.records('a1', 'b1', 'a2', 'b2'));
    expect(chain.texts).toEqual(['a1,b1']);
    await release(chain, 'a1,b1');
    expect([chain.texts, sink.texts]).toEqual([['a2,b2'], [['a1\nb1']]]);
  });

  it('go on for the lanes that stay, which have to take back what they shared with one that went', async () => {
    const chain = new HeldChain(chainOf(LINES));
    const processing = { records: undefined, batches: chain, refusesFailed: false };
    const { writer, sink, hold } = writerOf({ processing, batching: { ...BATCH_OF_THREE, count: 2 } });
    const other = holdOf();
    writer.accept([...hold.records('a1'), ...other.records('b1')]);
    other.isOpen = false;
    await writer.withdraw(other);
    await release(chain, 'a1,b1');
    expect([sink.texts, hold.isDisplaced, hold.written, writer.isIdle]).toEqual([[], true, [], true]);
  });
});

type Settings = Parameters<typeof writerOf>[0];

function waitingWriter(inner: ProcessorChain = chainOf('root = content()'), settings: Settings = {}) {
  const chain = new HeldChain(inner);
  return { chain, ...writerOf({ processing: { records: chain, batches: undefined, refusesFailed: false }, ...settings }) };
}

async function release(chain: HeldChain, text: string): Promise<void> {
  chain.open.find((run) => run.text === text)!.release();
  await settled();
}
