/** What an input, an output or a scanner is made of, and what it is given. */

import type { Readable, Writable } from 'node:stream';
import type { ComponentSettings, ProcessorSettings } from '@sluice/config';
import type { Clock, Logger } from '@sluice/core';
import type { ProcessorSettings as InnerProcessorSettings, ProcessorChain, Resources } from '@sluice/processors';
import type { Telemetry } from '@sluice/telemetry';
import type { Channels } from './channels.ts';
import type { Deliver, Input } from './delivery.ts';
import type { Routes } from './http/routes.ts';
import type { OpenKinesis } from './outputs/open-kinesis.ts';
import type { Scanner } from './scanners/scanner.ts';
import type { SharedComponents } from './shared-components.ts';
import type { Batching } from './stages/batching.ts';
import type { Outstanding } from './stages/outstanding.ts';

/** Builds an input of one type. @throws {ComponentConfigError} it can never run */
export type BuildInput = (settings: ComponentSettings, context: ComponentContext) => Input;

/** Builds an output of one type. @throws {ComponentConfigError} it can never run */
export type BuildOutput = (settings: ComponentSettings, context: ComponentContext) => Deliver;

/** Whatever holds messages until a batch is full. */
export type Held = Pick<Batching, 'flush' | 'drain'>;

/** What the components of a pipeline share, and how one builds those that are nested in it. */
export interface ComponentContext {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly stdin: Readable;
  readonly stdout: Writable;
  /** Whether an output refuses messages whose processing failed. */
  readonly refusesFailed: boolean;
  readonly outstanding: Outstanding;
  readonly telemetry: Pick<Telemetry, 'emit' | 'startAtZero'>;
  readonly resources: Resources;
  readonly openKinesis: OpenKinesis;
  /** Between `inproc` outputs and inputs. */
  readonly channels: Channels;
  /** What the HTTP server of the pipeline answers. */
  readonly routes: Routes;
  /** Aborted when the pipeline gives up what is left: retries end. */
  readonly signal: AbortSignal;
  /** An input with its own processors. */
  input(settings: ComponentSettings): Input;
  /** An output behind its own processors. */
  output(settings: ComponentSettings): Deliver;
  /** One that several places share. */
  readonly shared: SharedComponents;
  /** `lines` where a component names none. */
  scanner(settings: ComponentSettings | undefined): Scanner;
  chain(settings: readonly ProcessorSettings[]): ProcessorChain;
  /** Processors of which an output is made, and which are not in the file: they are not counted. */
  innerChain(settings: readonly InnerProcessorSettings[]): ProcessorChain;
  /** What holds messages until a batch is full. */
  onBatching(batching: Held): void;
  /** Called when the pipeline ends, whatever has happened. */
  onClose(close: () => Promise<void>): void;
}

/** The options of a component as its schema yields them. */
export const optionsOf = <T>({ options }: ComponentSettings): T => options as T;
