import type { PartPlan } from '@sluice/actor-kit';
import type { SluiceConfig, SluiceSettings } from '@sluice/config';
import { andThen, type Clock, type Logger } from '@sluice/core';
import { createAwsClientSettings, customEndpoint, enforcesQuotas } from '@sluice/credentials';
import { glueClients } from '@sluice/glue';
import { httpClients } from '@sluice/http-client';
import { createKinesisClient } from '@sluice/kinesis';
import type { ProcessorOptions } from '@sluice/processors';
import { openPrograms } from '@sluice/programs';
import type { RedisSession } from '@sluice/redis';
import { createResources } from '@sluice/resources';
import type { CustomMetrics, EventSink, Tracing } from '@sluice/telemetry';
import { compileEgress } from './compile/compile-egress.ts';
import type { EgressLogic } from './egress/egress.ts';
import { openEgress } from './open-egress.ts';
import { openLargeRecords } from './open-large-records.ts';

export interface EgressesOptions {
  readonly session: RedisSession;
  readonly keyPrefix: string;
  /** The name of this worker in leases. */
  readonly worker: string;
  readonly env: NodeJS.ProcessEnv;
  readonly telemetry: EventSink;
  /** For `metric` processors. */
  readonly customMetrics: CustomMetrics;
  /** `undefined`: nothing is traced. */
  readonly tracing?: Tracing | undefined;
  readonly logger: Logger;
  readonly clock: Clock;
  /** @default Math.random */
  readonly random?: () => number;
}

/**
 * Every egress of a configuration, by id, all of one worker. They share the worker's memory evenly; one that goes on while others come
 * keeps its share. `create` throws a `ProcessorConfigError` where an egress cannot work as configured.
 */
export function planEgresses({ egresses, settings }: SluiceConfig, options: EgressesOptions): ReadonlyMap<string, PartPlan<EgressLogic>> {
  const { env, logger, clock, customMetrics: metrics, random = Math.random } = options;
  const { lease } = settings;
  return new Map(
    egresses.map((egress) => {
      const create = () => {
        const isCounted = hasBenthosNames(settings);
        const resources = createResources(egress.resources, { clock, report: isCounted ? options.telemetry.emit : undefined });
        const http = httpClients(clock);
        const glue = glueClients({ env, clock, logger });
        const programs = openPrograms(settings.commands, options);
        const closeShared = () => {
          resources.close();
          void http.close();
          void glue.close();
          void programs.close();
        };
        const openSink = async () =>
          closingToo(createKinesisClient(await createAwsClientSettings(egress.aws, { env, clock, logger })), closeShared);
        const around = isCounted ? measureProcessors(egress.id, options) : undefined;
        const compiled = compileEgress(egress, {
          egressCount: egresses.length,
          logger,
          clock,
          metrics,
          resources,
          openHttp: http.open,
          openGlue: glue.open,
          programs,
          ...(around && { around }),
        });
        const { rateLimit } = egress.writer;
        // A limit of its own is kept with budgets, whether or not the endpoint has any.
        const isPaced = settings.quotas === 'always' || rateLimit !== undefined;
        const hasQuotas = isPaced || enforcesQuotas(customEndpoint(egress.aws, options));
        const { oversize } = egress;
        const openStore = oversize && (() => openLargeRecords(oversize, { env, clock, logger }));
        return openEgress(compiled, openSink, { ...options, random, lease, hasQuotas, rateLimit, openLargeRecords: openStore });
      };
      return [egress.id, { basis: { egress, lease, quotas: settings.quotas, commands: settings.commands }, create }];
    }),
  );
}

/** A client with which more is closed. */
function closingToo<T extends Disposable>(client: T, close: () => void): T {
  const closeClient = client[Symbol.dispose].bind(client);
  return Object.assign(client, {
    [Symbol.dispose]: () => {
      close();
      closeClient();
    },
  });
}

const hasBenthosNames = ({ metrics: { names } }: SluiceSettings): boolean => names === 'benthos' || names === 'both';

/** Reports each run of a processor: Benthos counts them, and we do not. */
const measureProcessors =
  (egress: string, { telemetry, clock }: EgressesOptions): NonNullable<ProcessorOptions['around']> =>
  (processor, batch, run) => {
    const startedMs = clock.monotonic();
    return andThen(run(), (batches) => {
      const sent = batches.reduce((sum, { length }) => sum + length, 0);
      const seconds = (clock.monotonic() - startedMs) / 1_000;
      telemetry.emit({ type: 'processor.ran', egress, processor, received: batch.length, sent, batches: batches.length, seconds });
      return batches;
    });
  };
