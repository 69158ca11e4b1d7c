import { plural, RELEASE } from '@sluice/core';
import type { FailureReport } from '@sluice/status';
import { failureText } from '../operator/reason-lines.ts';
import { type Finding, ok, warning } from './finding.ts';

export interface Installation {
  /** Workers that report, with how far their clocks are ahead of Redis', milliseconds. */
  readonly workers: ReadonlyArray<{ readonly workerId: string; readonly release: string; readonly aheadMs: number }>;
  /** What workers say of dead letters that are not sent on, and of too large records that are not put elsewhere. */
  readonly failures: ReadonlyArray<{ readonly subject: string; readonly workerId: string; readonly failure: FailureReport }>;
  /** Formats in Redis that the release before this one does not read, such as `frame 2`. */
  readonly unreadableBefore: readonly string[];
}

/** A report travels, and Redis may be busy: less than this says nothing about a clock. */
const TOLERABLE_SKEW_MS = 1_000;

/** What workers and formats say of an installation. */
export const installationFindings = (installation: Installation): Finding[] => [
  releases(installation),
  ...clocks(installation),
  ...failing(installation),
  downgrade(installation),
];

function releases({ workers }: Installation): Finding {
  if (workers.length === 0) return ok('workers', 'none reports itself: none runs, or all are of a release before reports');
  const counts = Map.groupBy(workers, ({ release }) => release);
  const found = [...counts].map(([release, of]) => `${plural(of.length, 'worker')} of release ${release}`).join(', ');
  if (counts.size > 1)
    return warning('workers', found, 'finish the upgrade, or take it back: mixed releases are meant for that time alone');
  return counts.has(RELEASE)
    ? ok('workers', found)
    : warning('workers', found, `this command is of release ${RELEASE}: use that of the workers`);
}

const clocks = ({ workers }: Installation): Finding[] =>
  workers
    .filter(({ aheadMs }) => Math.abs(aheadMs) > TOLERABLE_SKEW_MS)
    .map(({ workerId, aheadMs }) =>
      warning(
        `clock of ${workerId}`,
        `${(Math.abs(aheadMs) / 1_000).toFixed(1)} s ${aheadMs > 0 ? 'ahead of' : 'behind'} Redis`,
        'synchronise the clock of its machine: lag, ages and the times of its logs are wrong by as much; leases are not',
      ),
    );

const failing = ({ failures }: Installation): Finding[] =>
  failures.map(({ subject, workerId, failure }) =>
    warning(
      subject,
      `${failure.records === undefined ? '' : `${plural(failure.records, 'record')} `}failing ${failureText(failure)}, as ${workerId} reports`,
      'repair where they go to, or name another place: nothing is lost, they wait in Redis',
    ),
  );

const downgrade = ({ unreadableBefore }: Installation): Finding =>
  unreadableBefore.length === 0
    ? ok('downgrade', 'the release before this one reads all that is stored here')
    : warning(
        'downgrade',
        `the release before this one does not read ${unreadableBefore.join(', ')}`,
        'before you go back, drain what is stored in it: stop the ingress-workers, and wait until the lanes are empty (docs/upgrading.md)',
      );
