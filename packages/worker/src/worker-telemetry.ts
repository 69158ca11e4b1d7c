import { collectorOf, type SluiceConfig, withNested, withNestedComponents } from '@sluice/config';
import { type Logger, RELEASE } from '@sluice/core';
import { type FindComponent, type OpenTelemetry, openTelemetry, resourcePath } from '@sluice/telemetry';

export interface WorkerTelemetryOptions {
  readonly app: string;
  readonly workerId: string;
  readonly logger: Logger;
}

/** Telemetry of a worker as its configuration has it: names of metrics, and the collectors that metrics and spans go to. */
export function openWorkerTelemetry(config: SluiceConfig, { app, workerId, logger }: WorkerTelemetryOptions): Promise<OpenTelemetry> {
  const { metrics, tracing } = config.settings;
  return openTelemetry({
    logger,
    names: metrics.names === 'auto' ? 'sluice' : metrics.names,
    findComponent: componentsOf(config),
    resource: { 'service.name': `sluice-${app}`, 'service.version': RELEASE, 'service.instance.id': workerId },
    push: metrics.otlp && { collector: collectorOf(metrics.otlp), intervalMs: metrics.otlp.intervalMs },
    trace: tracing && { collector: collectorOf(tracing), ratio: tracing.ratio, attributes: tracing.attributes },
  });
}

/** The label and the path that Benthos gives components; those of a module.yaml have their id as the label. */
function componentsOf({ egresses, outputs }: SluiceConfig): FindComponent {
  const processors = egresses.flatMap(({ processors: own, batching }) => withNested([...own, ...(batching?.processors ?? [])]));
  const components = outputs.flatMap(({ output }) => withNestedComponents(output));
  const labels = new Map([...processors, ...components].map(({ path, label }) => [path, label ?? '']));
  const unlabelled = new Set([
    'input/aws_kinesis',
    'output/aws_kinesis',
    ...outputs.flatMap(({ id, output }) => (output.label === undefined ? [id] : [])),
  ]);
  return (kind, id) => {
    const shared = resourcePath(kind);
    if (shared !== undefined) return { label: id, path: shared };
    if (kind === 'processor' || id.startsWith('root.')) return { label: labels.get(id) ?? '', path: id };
    const [, part, label] = /^(input|output)\/(.*)$/.exec(id) ?? [];
    if (part === undefined || label === undefined) return { label: id, path: '' };
    return { label: unlabelled.has(id) ? '' : label, path: `root.${part}` };
  };
}
