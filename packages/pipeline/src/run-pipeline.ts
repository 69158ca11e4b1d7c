/**
 * Runs a pipeline in this process: reads, processes and writes until its input ends or it is stopped. What was read is then still
 * delivered, as far as the time for that allows; what is not stays with its source, where that can keep it.
 */
import { availableParallelism } from 'node:os';
import type { Pipeline } from '@sluice/config';
import { sleep } from '@sluice/core';
import { glueClients } from '@sluice/glue';
import { httpClients } from '@sluice/http-client';
import { openPrograms } from '@sluice/programs';
import { createResources } from '@sluice/resources';
import { memoryBuffer } from './buffers/memory.ts';
import { type BuildSite, createContext, type PipelinePorts } from './create-context.ts';
import { serveOperations } from './http/operations.ts';
import { Routes } from './http/routes.ts';
import { openMetrics, type PipelineMetrics } from './metrics.ts';
import { processing } from './stages/processing.ts';
import { throughChain } from './stages/through-chain.ts';

export interface RunPipelineOptions extends PipelinePorts {
  /** Aborted to stop. */
  readonly stop: AbortSignal;
  /** What a stop may take, in milliseconds. */
  readonly shutdownTimeoutMs: number;
}

/**
 * Resolves when all is delivered, or the time for that is over.
 * @throws {ComponentConfigError | ProcessorConfigError} it can never run
 * @throws {SourceMalformedError} a source is not what its input takes; what was read before is delivered
 */
export async function runPipeline(pipeline: Pipeline, options: RunPipelineOptions): Promise<void> {
  const end = new AbortController();
  await using metrics = await openMetrics(pipeline, options);
  const site = prepare(pipeline, metrics, options, end.signal);
  try {
    await deliverAll(pipeline, site, { ...options, metrics }, end.signal);
  } finally {
    end.abort();
    await site.close();
  }
}

function prepare(pipeline: Pipeline, metrics: PipelineMetrics, ports: RunPipelineOptions, signal: AbortSignal): BuildSite {
  const { telemetry, around } = metrics;
  for (const { label } of pipeline.resources.caches) telemetry.startAtZero({ cache: label });
  for (const { label } of pipeline.resources.rateLimits) telemetry.startAtZero({ rateLimit: label });
  // Counted where processors are.
  const resources = createResources(pipeline.resources, { ...ports, report: around && telemetry.emit });
  const http = httpClients(ports.clock);
  const glue = glueClients({ ...ports, env: process.env });
  const programs = openPrograms(ports.settings.commands, ports);
  const routes = new Routes(pipeline.http?.rootPath);
  const { refusesFailed } = pipeline;
  const opens = { openHttp: http.open, openGlue: glue.open, programs };
  const site = createContext({ ...ports, ...opens, refusesFailed, resources, signal, routes, metrics });
  site.context.onClose(async () => {
    resources.close();
    await http.close();
    await glue.close();
    await programs.close();
  });
  return site;
}

async function deliverAll(
  pipeline: Pipeline,
  { context, drain, failed: broken }: BuildSite,
  { stop, shutdownTimeoutMs, metrics, ...ports }: RunPipelineOptions & { readonly metrics: PipelineMetrics },
  end: AbortSignal,
): Promise<void> {
  const output = context.output(pipeline.output);
  const source = context.input(pipeline.input);
  const input = pipeline.buffer ? memoryBuffer(source, pipeline.buffer, context) : source;
  const threads = pipeline.threads > 0 ? pipeline.threads : availableParallelism();
  const { deliver, idle, failed } = processing(
    throughChain(context.chain(pipeline.processors), output, { logger: ports.logger, signal: end }),
    threads,
  );
  if (pipeline.http)
    context.onClose(await serveOperations(pipeline, context.routes, pipeline.countsMetrics ? metrics.telemetry : undefined, end));
  const limit = stopLimit(stop, end, shutdownTimeoutMs, ports);
  const delivered = async (): Promise<'delivered'> => {
    const [read] = await Promise.allSettled([input(deliver, AbortSignal.any([stop, end]))]);
    // Also where the input has failed: what it had read before is delivered.
    await idle();
    await drain();
    await context.outstanding.none();
    if (read.status === 'rejected') throw read.reason;
    return 'delivered';
  };
  ports.logger.info('pipeline started', { input: pipeline.input.type, output: pipeline.output.type });
  const outcome = await Promise.race([delivered(), limit, failed, broken]);
  if (outcome === 'limit')
    ports.logger.warn('stopped before everything was delivered: what its source does not keep is lost', { timeoutMs: shutdownTimeoutMs });
}

/** Resolves when a stop has taken too long. */
function stopLimit(stop: AbortSignal, end: AbortSignal, timeoutMs: number, { clock }: PipelinePorts): Promise<'limit'> {
  return new Promise((resolve) => {
    const begin = () =>
      void sleep(clock, timeoutMs, end).then(
        () => resolve('limit'),
        () => undefined,
      );
    if (stop.aborted) begin();
    else stop.addEventListener('abort', begin, { once: true });
  });
}
