/** The jobs of a lane as they stand in Redis, for operators. */
import { type LaneAddress, laneKeys, type RedisSession, runPipeline } from '@sluice/redis';
import { laneScripts } from '../bull/lane-scripts.ts';
import { MAX_EVENTS } from '../bull/max-events.ts';
import { decodeFrame } from '../frame/decode-frame.ts';
import { fromSourceData, type LaneJobData } from '../job-data.ts';
import { JOB_OVERHEAD_BYTES } from '../job-overhead.ts';
import { parseJobData } from '../receiver/lane-job.ts';

export interface StoredJob {
  readonly id: string;
  /** `active`: in its owner's hand. */
  readonly state: 'active' | 'waiting';
  /** `undefined` where it cannot be read. */
  readonly data: LaneJobData | undefined;
  readonly hasPayload: boolean;
}

export interface ExaminedJob extends StoredJob {
  /** Why no worker can deliver it; `undefined` where one can. */
  readonly fault: 'data unreadable' | 'payload missing' | 'payload unreadable' | undefined;
  /** As stored; '' where there is none. */
  readonly text: string;
  /** Bytes of the payload that is there. */
  readonly payloadBytes: number;
}

/** Some jobs in the order in which they leave the lane: those in hand, then those that wait. */
export async function listStoredJobs(
  session: RedisSession,
  { offset, count, ...address }: LaneAddress & { readonly offset: number; readonly count: number },
): Promise<StoredJob[]> {
  const { epoch } = session;
  const { wait, active, jobPrefix, payloads } = laneKeys(address);
  const inHand = (await session.run(epoch, (client) => client.lrange(active, 0, -1))).toSorted((a, b) => Number(a) - Number(b));
  const shown = inHand.slice(offset, offset + count).map((id) => ({ id, state: 'active' as const }));
  const rest = count - shown.length;
  const skipped = Math.max(0, offset - inHand.length);
  const waiting =
    rest <= 0 ? [] : (await session.run(epoch, (client) => client.lrange(wait, -(skipped + rest), -(skipped + 1)))).toReversed();
  const jobs = [...shown, ...waiting.map((id) => ({ id, state: 'waiting' as const }))];
  const texts = (await runPipeline(session, epoch, (pipeline) => {
    for (const { id } of jobs) pipeline.hget(`${jobPrefix}${id}`, 'data');
  })) as (string | null)[];
  const datas = texts.map(readData);
  const isThere = await runPipeline(session, epoch, (pipeline) => {
    for (const data of datas) pipeline.hexists(payloads, data?.payload ?? '');
  });
  return jobs.map((job, index) => ({ ...job, data: datas[index], hasPayload: isThere[index] === 1 }));
}

/** One job, with its payload looked at; `undefined` where the lane has none of that id. */
export async function examineStoredJob(session: RedisSession, address: LaneAddress, id: string): Promise<ExaminedJob | undefined> {
  const { epoch } = session;
  const { wait, active, jobPrefix, payloads } = laneKeys(address);
  const [inHand, waiting, text] = (await runPipeline(session, epoch, (pipeline) => {
    pipeline.lpos(active, id).lpos(wait, id).hget(`${jobPrefix}${id}`, 'data');
  })) as [number | null, number | null, string | null];
  if (inHand === null && waiting === null) return undefined;
  const data = readData(text);
  const payload = data && (await session.run(epoch, (client) => client.hgetBuffer(payloads, data.payload)));
  return {
    ...{ id, data, text: text ?? '', state: inHand === null ? 'waiting' : 'active' },
    hasPayload: payload !== undefined && payload !== null,
    payloadBytes: payload?.byteLength ?? 0,
    fault: !data ? 'data unreadable' : !payload ? 'payload missing' : isReadable(data, payload) ? undefined : 'payload unreadable',
  };
}

/**
 * Takes a job that no worker can deliver out of its lane, in one step. Its records are lost to the lane; what else knows them is the source.
 * Answers `changed` or `gone`, with nothing done, where it is no longer as it was examined, and `inUse` where it has a payload that this
 * version cannot read while a worker, perhaps of another version, owns the lane and is not held up.
 * @throws {RangeError} the job can be delivered
 */
export async function dropStoredJob(
  session: RedisSession,
  address: LaneAddress,
  { id, data, text, payloadBytes, fault }: ExaminedJob,
): Promise<'dropped' | 'changed' | 'gone' | 'inUse'> {
  if (fault === undefined) throw new RangeError(`expected a job that cannot be delivered, got job ${id}, which can`);
  const { lease, state, wait, active, events, payloads, gauge, jobPrefix } = laneKeys(address);
  const counted = data ? [data.records, data.bytes + JOB_OVERHEAD_BYTES] : [0, 0];
  const args = [jobPrefix, id, text, data?.payload ?? '', payloadBytes, ...counted, MAX_EVENTS];
  const keys = [lease, state, wait, active, events, payloads, gauge];
  return (await laneScripts(session).script(session.epoch, 'dropJob', keys, args)) as 'dropped' | 'changed' | 'gone' | 'inUse';
}

function readData(text: string | null): LaneJobData | undefined {
  try {
    return text === null ? undefined : parseJobData({ id: '', data: text });
  } catch {
    return undefined;
  }
}

function isReadable({ records, source }: LaneJobData, payload: Buffer): boolean {
  try {
    if (source) fromSourceData(source);
    return decodeFrame(payload).length === records;
  } catch {
    return false;
  }
}
