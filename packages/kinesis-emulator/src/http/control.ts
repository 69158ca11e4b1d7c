import type { FaultInjector } from '../faults/fault-injector.ts';
import { faultProblems, onceProblems } from '../faults/fault-problems.ts';
import type { FaultSettings, OneFault } from '../faults/fault-settings.ts';
import type { OperationName } from '../operations/catalogue.ts';
import type { Account } from '../store/account.ts';

/** What the control paths act on. */
export interface ControlTargets {
  readonly account: Account;
  readonly faults: FaultInjector;
  /** Takes the endpoint away for `forMs` once the reply is out. */
  readonly pauseFor: (forMs: number) => void;
}

export interface ControlReply {
  readonly status: number;
  readonly body: unknown;
}

export const CONTROL_PREFIX = '/__sluice/';

/**
 * The emulator's own paths, outside the AWS API, for a process that cannot call its methods:
 * `GET status`, `POST faults` (a `FaultSettings`, replaces all but what is queued), `POST faults/once`
 * (`{"operation", "fault", "times"?}`, queues a fault), `POST faults/clear`, `POST pause` (`{"forMs": 2000}`).
 */
export function control(method: string, path: string, body: Buffer, targets: ControlTargets): ControlReply {
  switch (`${method} ${path}`) {
    case 'GET status':
      return { status: 200, body: statusOf(targets.account) };
    case 'POST faults':
      return setFaults(body, targets.faults);
    case 'POST faults/once':
      return queueFault(body, targets.faults);
    case 'POST faults/clear':
      targets.faults.clear();
      return { status: 200, body: { faults: {} } };
    case 'POST pause':
      return pause(body, targets);
    default:
      return refused(
        404,
        `no ${method} ${CONTROL_PREFIX}${path}; there is GET status, POST faults, POST faults/once, POST faults/clear, POST pause`,
      );
  }
}

const refused = (status: number, ...problems: string[]): ControlReply => ({ status, body: { problems } });

function setFaults(body: Buffer, faults: FaultInjector): ControlReply {
  const settings = jsonOf(body);
  const problems = faultProblems(settings);
  if (problems.length > 0) return refused(400, ...problems);
  faults.set(settings as FaultSettings);
  return { status: 200, body: { faults: settings, seed: faults.seed } };
}

function queueFault(body: Buffer, faults: FaultInjector): ControlReply {
  const request = jsonOf(body);
  const problems = onceProblems(request);
  if (problems.length > 0) return refused(400, ...problems);
  const { operation, fault, times } = request as { operation: OperationName; fault: OneFault; times?: number };
  faults.once(operation, fault, times);
  return { status: 200, body: { queued: { operation, fault, times: times ?? 1 } } };
}

function pause(body: Buffer, { pauseFor }: ControlTargets): ControlReply {
  const { forMs } = (jsonOf(body) ?? {}) as { forMs?: unknown };
  if (typeof forMs !== 'number' || !(forMs > 0)) return refused(400, 'forMs: expected milliseconds above 0');
  pauseFor(forMs);
  return { status: 200, body: { pausedForMs: forMs } };
}

function statusOf(account: Account) {
  const streams = account.streams().map((stream) => ({
    name: stream.name,
    status: stream.status,
    openShards: stream.openShards.length,
    /** Ever stored, records that were trimmed since included. */
    records: stream.shards.reduce((sum, { log }) => sum + log.appended, 0),
    /** Those that the memory cap trimmed, before a restart too. */
    trimmedRecords: stream.trimmedRecords,
  }));
  const { user, system } = process.cpuUsage();
  return {
    region: account.region,
    accountId: account.accountId,
    heldBytes: account.heldBytes,
    streams,
    process: { cpuMicros: user + system, rssBytes: process.memoryUsage.rss() },
  };
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}
