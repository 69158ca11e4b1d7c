import type { Readable, Writable } from 'node:stream';
import type { ComponentSettings } from '@sluice/config';
import type { Clock, Logger } from '@sluice/core';
import { compileProcessors, type OpenHttpClient, type ProcessorSettings, type Resources } from '@sluice/processors';
import { Channels } from './channels.ts';
import type { ComponentContext } from './component.ts';
import { ComponentConfigError } from './errors.ts';
import type { Routes } from './http/routes.ts';
import { inputs } from './inputs/index.ts';
import { outputs } from './outputs/index.ts';
import { defaultScanner, scanners } from './scanners/index.ts';
import { Outstanding } from './stages/outstanding.ts';
import { throughChain } from './stages/through-chain.ts';

export interface PipelinePorts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly stdin: Readable;
  readonly stdout: Writable;
}

export interface ContextOptions extends PipelinePorts {
  readonly refusesFailed: boolean;
  readonly resources: Resources;
  readonly openHttp: OpenHttpClient;
  readonly signal: AbortSignal;
  readonly routes: Routes;
}

/** A context, and what its components have left to be called. */
export interface BuildSite {
  readonly context: ComponentContext;
  /** Outer stages before inner ones. */
  drain(): Promise<void>;
  close(): Promise<void>;
}

export function createContext(options: ContextOptions): BuildSite {
  const drains: (() => Promise<void>)[] = [];
  const closes: (() => Promise<void>)[] = [];
  const chain = (settings: readonly ProcessorSettings[]) => compileProcessors(settings, options);
  const context: ComponentContext = {
    ...options,
    outstanding: new Outstanding(),
    channels: new Channels(),
    chain,
    input: (settings) => {
      const input = builderIn(inputs, settings)(settings, context);
      if (settings.processors.length === 0) return input;
      const processors = chain(settings.processors);
      return (deliver, signal) => input(throughChain(processors, deliver, options.signal), signal);
    },
    output: (settings) => {
      const output = builderIn(outputs, settings)(settings, context);
      return settings.processors.length === 0 ? output : throughChain(chain(settings.processors), output, options.signal);
    },
    scanner: (settings) => (settings ? builderIn(scanners, settings)(settings, context) : defaultScanner()),
    onDrain: (drain) => void drains.unshift(drain),
    onClose: (close) => void closes.push(close),
  };
  return {
    context,
    drain: async () => {
      for (const drain of drains) await drain();
    },
    close: async () => void (await Promise.allSettled(closes.map((close) => close()))),
  };
}

function builderIn<T>(builders: Readonly<Record<string, T>>, settings: ComponentSettings): T {
  const build = Object.hasOwn(builders, settings.type) ? builders[settings.type] : undefined;
  if (build) return build;
  throw new ComponentConfigError(settings, `Sluice has no \`${settings.type}\` here; it has ${Object.keys(builders).join(', ')}`);
}
