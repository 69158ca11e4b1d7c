import type { KinesisSink, PutRecordsInput, PutRecordsOutput, PutResult } from '@sluice/kinesis';

/** A request that waits for the test to answer it. */
export interface HeldRequest {
  /** The data of its records, as text. */
  readonly texts: readonly string[];
  readonly input: PutRecordsInput;
  /** Answers that every record was written, but for those whose text `failures` names with an error code. */
  answer(failures?: Readonly<Record<string, string>>): Promise<void>;
  fail(error: unknown): Promise<void>;
}

/** A Kinesis whose answers are the test's. */
export class HeldSink implements Pick<KinesisSink, 'putRecords'> {
  /** Requests not answered yet, oldest first. */
  readonly open: HeldRequest[] = [];
  /** The texts of the records written, in order. */
  readonly written: string[] = [];
  requests = 0;

  putRecords(input: PutRecordsInput, signal?: AbortSignal): Promise<PutRecordsOutput> {
    this.requests++;
    return new Promise((resolve, reject) => {
      const texts = input.records.map(({ data }) => Buffer.from(data).toString());
      const end = (settle: () => void) => {
        this.open.splice(this.open.indexOf(request), 1);
        settle();
        return settled();
      };
      const request: HeldRequest = {
        texts,
        input,
        answer: (failures = {}) => end(() => resolve(this.#outcome(texts, failures))),
        fail: (error) => end(() => reject(error)),
      };
      signal?.addEventListener('abort', () => void end(() => reject(signal.reason)), { once: true });
      this.open.push(request);
    });
  }

  get texts(): ReadonlyArray<readonly string[]> {
    return this.open.map(({ texts }) => texts);
  }

  #outcome(texts: readonly string[], failures: Readonly<Record<string, string>>): PutRecordsOutput {
    const results = texts.map((text): PutResult => {
      const errorCode = failures[text];
      if (errorCode) return { errorCode, errorMessage: 'so the test says' };
      this.written.push(text);
      return { sequenceNumber: String(this.written.length), shardId: 'shardId-000000000000' };
    });
    return { results, failedCount: results.filter((result) => 'errorCode' in result).length };
  }
}

/** Lets promises that are already decided run their course. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
