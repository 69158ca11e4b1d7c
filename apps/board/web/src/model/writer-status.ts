import type { FailureReport, WorkerOverview, WriterOverview } from '../api/types.ts';
import { plural, rateText, secondsText } from './format.ts';
import { worstOf } from './level.ts';
import { LOOP_DELAY_MS, levelOf } from './limits.ts';
import type { Status } from './status.ts';

export function writerStatus(writer: WriterOverview): Status {
  const reason = [writer.reason, writer.code && `(${writer.code})`].filter(Boolean).join(' ');
  const why = reason ? { reason } : {};
  if (writer.state === 'failing') return { level: 'bad', word: 'requests fail', ...why };
  if (writer.state === 'waiting') return { level: 'bad', word: 'waits to be opened', ...why };
  if (writer.kind === 'function') {
    return writer.failedPerSecond > 0
      ? { level: 'warn', word: `${rateText(writer.failedPerSecond)} calls/s fail`, ...why }
      : { level: 'ok', word: 'serving' };
  }
  if (writer.offloading) return { level: 'warn', word: 'too large records wait', reason: failureText(writer.offloading) };
  if (writer.throttledPerSecond > 0) return { level: 'warn', word: `${rateText(writer.throttledPerSecond)}/s throttled`, ...why };
  if (writer.failedPerSecond > 0) return { level: 'warn', word: `${rateText(writer.failedPerSecond)}/s retried`, ...why };
  return { level: 'ok', word: 'writing' };
}

/** For how long, what waits, and why. */
export const failureText = ({ code, reason, seconds, records }: FailureReport): string =>
  `for ${secondsText(seconds)}${records === undefined ? '' : `, ${plural(records, 'record')}`}: ${reason} (${code})`;

export function workerStatus(worker: WorkerOverview): Status {
  if (!worker.ready) return { level: 'bad', word: worker.state === 'running' ? 'not ready' : worker.state, ...reasons(worker.reasons) };
  const loop = levelOf(worker.process.eventLoopDelayMs, LOOP_DELAY_MS);
  const level = worstOf([loop, worker.reasons.length > 0 ? 'note' : 'ok']);
  if (loop !== 'ok') return { level, word: 'slow', reason: `its event loop is ${Math.round(worker.process.eventLoopDelayMs)} ms late` };
  return { level, word: 'running', ...reasons(worker.reasons) };
}

const reasons = (texts: readonly string[]): { reason?: string } => (texts.length > 0 ? { reason: texts.join('; ') } : {});
