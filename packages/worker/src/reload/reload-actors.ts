import type { Clock, Logger } from '@sluice/core';
import type { AdjustableLogger, Telemetry } from '@sluice/telemetry';
import { fromCallback, fromPromise } from 'xstate';
import type { WorkerEvent } from '../root/worker.machine.ts';
import { loadAnew } from './load-anew.ts';
import type { Reload } from './reload.ts';
import { watchFiles } from './watch-files.ts';
import type { ConfigSource, WorkerConfiguration } from './worker-configuration.ts';

export interface ReloadPorts {
  readonly configuration: WorkerConfiguration;
  readonly source: ConfigSource | undefined;
  readonly telemetry: Telemetry;
  readonly logger: Logger;
  /** The worker's logger where it is its own: its level and format follow the configuration. */
  readonly own: AdjustableLogger | undefined;
  readonly clock: Clock;
}

/** What loads the configuration anew, and what notices that its files have changed. */
export const createReloadActors = ({ configuration, source, telemetry, logger, own, clock }: ReloadPorts) => ({
  loadConfiguration: fromPromise<Reload>(async () => {
    const reload = configuration.replace(await loadAnew(source, logger));
    own?.adjust(configuration.settings.log);
    for (const labels of configuration.labels()) telemetry.startAtZero(labels);
    return reload;
  }),
  watchConfiguration: fromCallback<WorkerEvent>(({ sendBack }) => {
    const watching = new AbortController();
    const files = () => (configuration.settings.watcher ? (source?.files() ?? []) : []);
    void watchFiles({ files, clock, onChange: () => sendBack({ type: 'reload.requested' }) }, watching.signal);
    return () => watching.abort();
  }),
});
