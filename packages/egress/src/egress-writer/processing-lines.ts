/**
 * Runs processors that may have to wait. The batches of a line run one after the other, so that what is made of them leaves in their
 * order; lines run at once, up to a limit, and take turns. What need not wait is answered at once.
 */
import type { Awaitable } from '@sluice/core';
import type { Run } from '@sluice/processors';
import { involves, keepOpen, type LaneHold } from './lane-hold.ts';
import type { RecordInHand } from './record-in-hand.ts';

type Records = readonly RecordInHand[];

export interface ProcessingLinesOptions {
  readonly processing: { run(batch: Records, run: Run): Awaitable<Records> };
  /** Most runs that wait at once. */
  readonly atOnce: number;
  /** What became of a run that had to wait; of one that was given up, nothing. */
  readonly onDone: (records: Records) => void;
  /** A bug. */
  readonly onFailed: (error: unknown) => void;
}

export class ProcessingLines {
  readonly #options: ProcessingLinesOptions;
  /** Lines with a batch under way or waiting, and what waits in them. */
  readonly #lines = new Map<string, Records[]>();
  /** Lines of which nothing is under way. */
  readonly #ready = new Set<string>();
  readonly #waiting = new Map<WaitingRun, Records>();

  constructor(options: ProcessingLinesOptions) {
    this.#options = options;
  }

  get isIdle(): boolean {
    return this.#lines.size === 0;
  }

  /** Whether batches of this line wait or are under way, so that a newer one must wait behind them. */
  isBusy(line: string): boolean {
    return this.#lines.has(line);
  }

  /** Answers what a batch becomes, where nothing has to wait for it. */
  run(line: string, batch: Records): Records {
    const before = this.#lines.get(line);
    if (before === undefined && this.#hasRoom) return this.#start(line, batch) ?? [];
    if (before) before.push(batch);
    else {
      this.#lines.set(line, [batch]);
      this.#ready.add(line);
    }
    return [];
  }

  /**
   * Forgets what waits of a lane, which is no longer open, and gives up runs that are for closed lanes alone. Other lanes of what is
   * forgotten get theirs back.
   */
  withdraw(lane: LaneHold): void {
    const forgotten = new Set<LaneHold>();
    for (const [line, batches] of this.#lines) {
      for (const { owner } of batches.flat()) if (involves(owner, lane)) forgotten.add(owner);
      const left = batches.map((batch) => batch.filter(({ owner }) => !involves(owner, lane))).filter(({ length }) => length > 0);
      batches.splice(0, batches.length, ...left);
      if (left.length === 0 && this.#ready.delete(line)) this.#lines.delete(line);
    }
    for (const [run, batch] of this.#waiting) {
      if (batch.some(({ owner }) => owner.isOpen)) continue;
      run.giveUp();
      for (const { owner } of batch) forgotten.add(owner);
    }
    for (const owner of forgotten) owner.displaced();
  }

  /** Gives up all runs, and starts nothing more. */
  stop(): void {
    this.#ready.clear();
    this.#lines.clear();
    for (const run of this.#waiting.keys()) run.giveUp();
  }

  get #hasRoom(): boolean {
    return this.#waiting.size < this.#options.atOnce;
  }

  /** `undefined` where it has to wait. */
  #start(line: string, batch: Records): Records | undefined {
    const records = keepOpen(batch);
    const run = new WaitingRun(records);
    const made = this.#options.processing.run(records, run);
    if (!(made instanceof Promise)) return made;
    if (!this.#lines.has(line)) this.#lines.set(line, []);
    this.#waiting.set(run, batch);
    void this.#finish(line, run, made);
    return undefined;
  }

  async #finish(line: string, run: WaitingRun, made: Promise<Records>): Promise<void> {
    let records: Records = [];
    try {
      // A lane may have been withdrawn since the processors ended.
      records = keepOpen(await made);
    } catch (error) {
      if (!run.signal.aborted) this.#options.onFailed(error);
    }
    this.#waiting.delete(run);
    this.#leave(line);
    this.#options.onDone(records);
    this.#startReady();
  }

  #leave(line: string): void {
    if (this.#lines.get(line)?.length) this.#ready.add(line);
    else this.#lines.delete(line);
  }

  #startReady(): void {
    for (const line of this.#ready) {
      if (!this.#hasRoom) return;
      this.#ready.delete(line);
      const made = this.#startLate(line, this.#lines.get(line)!.shift()!);
      if (made === undefined) continue;
      this.#leave(line);
      this.#options.onDone(made);
    }
  }

  #startLate(line: string, batch: Records): Records | undefined {
    try {
      return this.#start(line, batch);
    } catch (error) {
      this.#options.onFailed(error);
      return [];
    }
  }
}

/** One run; its signal is made only where something waits. */
class WaitingRun implements Run {
  readonly #records: Records;
  #controller: AbortController | undefined;

  constructor(records: Records) {
    this.#records = records;
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    return this.#controller.signal;
  }

  giveUp(): void {
    this.#controller ??= new AbortController();
    this.#controller.abort(new Error('the records went back to their lane'));
  }

  identify(source: number): string | undefined {
    return this.#records[source]?.name;
  }
}
