import { bytesText } from '../terminal/quantities.ts';
import { type Finding, ok, problem, warning } from './finding.ts';

/** What INFO says, and how far this machine's clock is ahead of Redis', milliseconds. */
export interface RedisState {
  readonly info: ReadonlyMap<string, string>;
  readonly clockAheadMs: number;
  /** The low-water marks of all targets together, bytes. */
  readonly lowWaterBytes: number;
}

const FULL = 0.8;
const TOLERABLE_SKEW_MS = 1_000;
/** AWS refuses signatures of clocks that are further off. */
const AWS_SKEW_MS = 5 * 60_000;

/** What a worker's own preflight does not look at. */
export const redisFindings = (state: RedisState): Finding[] => [memoryLimit(state), role(state), ...diskFindings(state), clock(state)];

function memoryLimit({ info, lowWaterBytes }: RedisState): Finding {
  const [limit, used] = [numberOf(info, 'maxmemory'), numberOf(info, 'used_memory')];
  if (limit === 0) {
    const advice = 'set maxmemory to about two thirds of the machine: without a limit the kernel may end Redis';
    return warning('memory', `${bytesText(used)} used, no limit`, advice);
  }
  const found = `${bytesText(used)} of ${bytesText(limit)} used`;
  if (used > FULL * limit)
    return problem('memory', found, 'drain the lanes, remove dead letters, or raise maxmemory: a full Redis refuses batches');
  if (limit < 1.2 * lowWaterBytes)
    return warning(
      'memory',
      `${found}, and the lanes may hold ${bytesText(lowWaterBytes)}`,
      'raise maxmemory, or lower sluice.backpressure',
    );
  return ok('memory', found);
}

const role = ({ info }: RedisState): Finding =>
  info.get('role') === 'slave'
    ? problem('role', 'a replica, which refuses writes', 'name the master, or use Sentinel')
    : ok('role', `master with ${info.get('connected_slaves') ?? '0'} replicas`);

/** Only what is wrong: most installations have nothing to tell here. */
const diskFindings = ({ info }: RedisState): Finding[] => [
  ...(info.get('aof_last_write_status') === 'err'
    ? [problem('append-only file', 'the last write failed', 'look at the disk of Redis')]
    : []),
  ...(info.get('rdb_last_bgsave_status') === 'err'
    ? [problem('snapshots', 'the last one failed', 'look at the disk and memory of Redis')]
    : []),
  ...(info.get('loading') === '1' ? [problem('data', 'Redis is still loading it', 'wait')] : []),
];

function clock({ clockAheadMs }: RedisState): Finding {
  const skewMs = Math.abs(clockAheadMs);
  const found = `this machine is ${(skewMs / 1_000).toFixed(1)} s ${clockAheadMs >= 0 ? 'ahead of' : 'behind'} Redis`;
  if (skewMs > AWS_SKEW_MS)
    return problem('clock', found, 'synchronise both clocks: AWS refuses signatures of clocks that are minutes off');
  if (skewMs > TOLERABLE_SKEW_MS) return warning('clock', found, 'synchronise both clocks: lag and times in logs are wrong by as much');
  return ok('clock', found);
}

const numberOf = (info: ReadonlyMap<string, string>, field: string): number => Number(info.get(field) ?? 0);
