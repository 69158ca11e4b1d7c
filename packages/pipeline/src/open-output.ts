import type { ComponentSettings, ResourcesSettings } from '@sluice/config';
import { glueClients } from '@sluice/glue';
import { httpClients } from '@sluice/http-client';
import { openPrograms } from '@sluice/programs';
import { createResources } from '@sluice/resources';
import type { EventSink, Telemetry, Tracing } from '@sluice/telemetry';
import type { ComponentContext } from './component.ts';
import { createContext, type PipelinePorts } from './create-context.ts';
import type { Deliver } from './delivery.ts';
import { Routes } from './http/routes.ts';
import { oneByOne } from './stages/one-by-one.ts';
import { throughChain } from './stages/through-chain.ts';

/** An output without an input: whoever opens it brings the deliveries. */
export interface OpenedOutput {
  readonly deliver: Deliver;
  /** Lets go what waits for batches to fill. */
  flush(): Promise<void>;
  /** Rejects with a bug of something that runs by itself. */
  readonly failed: Promise<never>;
  /** Gives up what is left, and closes connections. */
  close(): Promise<void>;
}

export interface OutputSettings {
  readonly output: ComponentSettings;
  /** What its components share. */
  readonly resources: ResourcesSettings;
  /** Whether it refuses messages whose processing failed. */
  readonly refusesFailed: boolean;
  /** Its processors have each message of a delivery as a batch by itself. @default false */
  readonly eachByItself?: boolean;
}

export interface OutputPorts extends Pick<PipelinePorts, 'settings' | 'clock' | 'logger' | 'openLedger'> {
  readonly telemetry: EventSink;
  readonly customMetrics: Telemetry['custom'];
  /** `undefined`: nothing is traced. */
  readonly tracing: Tracing | undefined;
}

/** Opens an output with its processors. @throws {ComponentConfigError | ProcessorConfigError} it can never run */
export function openOutput(
  { output, resources: shared, refusesFailed, eachByItself = false }: OutputSettings,
  ports: OutputPorts,
): OpenedOutput {
  const { clock, telemetry, customMetrics, tracing } = ports;
  const ending = new AbortController();
  const resources = createResources(shared, { clock, report: telemetry.emit });
  const http = httpClients(clock);
  const glue = glueClients({ ...ports, env: process.env });
  const programs = openPrograms(ports.settings.commands, ports);
  const site = createContext({
    ...ports,
    ...{ stdin: process.stdin, stdout: process.stdout },
    ...{ refusesFailed, resources, openHttp: http.open, openGlue: glue.open, programs, signal: ending.signal, routes: new Routes() },
    metrics: {
      telemetry: { emit: telemetry.emit, startAtZero: () => undefined, custom: customMetrics },
      label: () => undefined,
      labelProcessors: () => undefined,
      ...{ tracing, around: undefined },
    },
  });
  return {
    deliver: eachByItself ? afterEach(output, site.context) : site.context.output(output),
    flush: site.flush,
    failed: site.failed,
    close: async () => {
      ending.abort();
      resources.close();
      await Promise.all([http.close(), glue.close(), programs.close(), site.close()]);
    },
  };
}

const afterEach = (output: ComponentSettings, context: ComponentContext): Deliver =>
  throughChain(oneByOne(context.chain(output.processors)), context.output({ ...output, processors: [] }), context);
