import type { Readable, Writable } from 'node:stream';
import type { ComponentSettings, ProcessorSettings, SluiceSettings } from '@sluice/config';
import type { Clock, Logger } from '@sluice/core';
import type { OpenLedger } from '@sluice/egress/message-writer';
import { compileProcessors, type OpenGlue, type OpenHttpClient, type Programs, type Resources } from '@sluice/processors';
import { Channels } from './channels.ts';
import type { ComponentContext, Held } from './component.ts';
import { ComponentConfigError } from './errors.ts';
import type { Routes } from './http/routes.ts';
import { inputs } from './inputs/index.ts';
import type { ComponentMetrics } from './metrics.ts';
import { outputs } from './outputs/index.ts';
import { kinesisOpener } from './outputs/open-kinesis.ts';
import { defaultScanner, scanners } from './scanners/index.ts';
import { SharedComponents } from './shared-components.ts';
import { Outstanding } from './stages/outstanding.ts';
import { throughChain } from './stages/through-chain.ts';

export interface PipelinePorts {
  readonly settings: SluiceSettings;
  /** Where `aws_kinesis` outputs borrow what shards take in. @default in memory */
  readonly openLedger?: OpenLedger;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly stdin: Readable;
  readonly stdout: Writable;
}

export interface ContextOptions extends PipelinePorts {
  readonly refusesFailed: boolean;
  readonly resources: Resources;
  readonly openHttp: OpenHttpClient;
  readonly openGlue: OpenGlue;
  readonly programs: Programs;
  readonly signal: AbortSignal;
  readonly routes: Routes;
  readonly metrics: ComponentMetrics;
}

/** A context, and what its components have left to be called. */
export interface BuildSite {
  readonly context: ComponentContext;
  /** Rejects with a bug of something that runs by itself. */
  readonly failed: Promise<never>;
  /** Lets go what waits for batches to fill; what comes later waits again. */
  flush(): Promise<void>;
  /** The same, and from now on nothing waits: no more is to be expected. */
  drain(): Promise<void>;
  close(): Promise<void>;
}

export function createContext({ metrics, ...options }: ContextOptions): BuildSite {
  // Outer stages before inner ones.
  const held: Held[] = [];
  const closes: (() => Promise<void>)[] = [];
  const { telemetry, tracing, around } = metrics;
  const failure = Promise.withResolvers<never>();
  failure.promise.catch(() => undefined);
  const ports = { ...options, metrics: telemetry.custom };
  const countedPorts = { ...ports, ...(around && { around }) };
  const chain = (settings: readonly ProcessorSettings[]) => {
    metrics.labelProcessors(settings);
    return compileProcessors(settings, countedPorts);
  };
  const context: ComponentContext = {
    ...options,
    telemetry,
    outstanding: new Outstanding(),
    channels: new Channels(),
    openKinesis: kinesisOpener({ ...options, telemetry, tracing, onBroken: failure.reject }),
    chain,
    innerChain: (settings) => compileProcessors(settings, ports),
    input: (settings) => {
      metrics.label(settings);
      const input = builderIn(inputs, settings)(settings, context);
      if (settings.processors.length === 0) return input;
      const processors = chain(settings.processors);
      return (deliver, signal) => input(throughChain(processors, deliver, options), signal);
    },
    output: (settings) => {
      metrics.label(settings);
      const output = builderIn(outputs, settings)(settings, context);
      return settings.processors.length === 0 ? output : throughChain(chain(settings.processors), output, options);
    },
    shared: new SharedComponents({ input: (settings) => context.input(settings), output: (settings) => context.output(settings) }),
    scanner: (settings) => (settings ? builderIn(scanners, settings)(settings, context) : defaultScanner()),
    onBatching: (stage) => void held.unshift(stage),
    onClose: (close) => void closes.push(close),
  };
  return {
    context,
    failed: failure.promise,
    flush: async () => {
      for (const stage of held) await stage.flush();
    },
    drain: async () => {
      for (const stage of held) await stage.drain();
    },
    close: async () => void (await Promise.allSettled(closes.map((close) => close()))),
  };
}

function builderIn<T>(builders: Readonly<Record<string, T>>, settings: ComponentSettings): T {
  const build = Object.hasOwn(builders, settings.type) ? builders[settings.type] : undefined;
  if (build) return build;
  throw new ComponentConfigError(settings, `Sluice has no \`${settings.type}\` here; it has ${Object.keys(builders).join(', ')}`);
}
