/** One recorded case of processors: batches in, and what came out of the whole `pipeline` section. */
import type { Message } from '@sluice/bloblang';
import { compileConfig, hasErrors } from '@sluice/config';
import { type Logger, systemClock } from '@sluice/core';
import { glueClients } from '@sluice/glue';
import { httpClients } from '@sluice/http-client';
import { compileProcessors, ProcessorConfigError, ProcessorCrashError, type Run } from '@sluice/processors';
import { openPrograms } from '@sluice/programs';
import { createResources } from '@sluice/resources';
import { encodeJson, Timestamp, type Value } from '@sluice/values';
import type { StubRequest } from './http-stub.ts';

/** `content`, or where it is no text `content_base64`. */
interface Part {
  readonly content?: string;
  readonly content_base64?: string;
  readonly meta?: Readonly<Record<string, unknown>>;
}

interface Written extends Part {
  readonly error: string | null;
}

export interface Outcome {
  readonly batches: readonly (readonly Written[])[];
  /** Parallel to the input batches. */
  readonly nacks?: readonly (string | null)[];
  /** Lines of the log, as `LEVEL text`. */
  readonly logs?: readonly string[];
  /** `KIND NAME{LABEL=VALUE,…} VALUE`, sorted; not of timings. */
  readonly metrics?: readonly string[];
  /** Texts of the batches that `sync_response` processors answered with. */
  readonly sync_responses?: readonly (readonly string[])[];
  /** What the HTTP server was asked. */
  readonly requests?: readonly StubRequest[];
  /** The process ended with this code. */
  readonly exit?: number;
  /** The configuration is refused, by lint or at the start; the texts are ours. */
  readonly refused?: string;
  /** A processor or resource that Sluice does not have. */
  readonly unsupported?: string;
}

export interface ProcessorsCase {
  readonly id: string;
  readonly processor: string;
  /** YAML below input and output. */
  readonly config: string;
  readonly batches: readonly (readonly Part[])[];
  readonly capture?: readonly string[];
  readonly expect: Outcome & { readonly run_error?: string; readonly lint_error?: string };
}

const OUTPUT = 'output: {aws_kinesis: {stream: out, partition_key: k}}\n';

export async function runProcessorsCase({ config: text, batches, capture = [] }: ProcessorsCase): Promise<Outcome> {
  const { config, problems } = compileConfig([{ name: 'case.yaml', text: `${text}\n${OUTPUT}` }], {
    env: { SLUICE_COMMANDS_ALLOWED: '*' },
  });
  const foreign = problems.find(({ code }) => code === 'component.unsupported');
  if (foreign) return { batches: [], unsupported: foreign.message };
  if (hasErrors(problems)) return { batches: [], refused: problems.map(({ message }) => message).join('\n') };
  const { processors = [], refusesFailedRecords = false, resources: settings = { caches: [], rateLimits: [] } } = config.egresses[0] ?? {};
  const logs: string[] = [];
  const logger = loggerTo(logs);
  const programs = openPrograms(config.settings.commands, { clock: systemClock, logger });
  try {
    const answers: string[][] = [];
    const metrics = new RecordedMetrics();
    const resources = createResources(settings, { clock: systemClock });
    const clock = systemClock;
    const openGlue = glueClients({ env: process.env, clock, logger }).open;
    const ports = { logger, clock, metrics, resources, openHttp: httpClients(clock).open, openGlue, programs };
    const chain = compileProcessors(processors, { ...ports, refusesFailed: refusesFailedRecords });
    const run: Run = {
      ...{ signal: new AbortController().signal, identify: () => undefined },
      respond: (answer) => void answers.push(answer.map(({ content }) => Buffer.from(content).toString())),
    };
    const nacks: (string | null)[] = [];
    const written: (readonly Written[])[] = [];
    for (const batch of batches) {
      const processed = await chain.batches(batch.map(messageOf), run);
      const refused = refusesFailedRecords ? processed.flat().find(({ message }) => message.failure) : undefined;
      nacks.push(refused ? `rejected due to failed processing: ${refused.message.failure!.message}` : null);
      const passed = processed.map((one) => one.filter(({ message }) => !refusesFailedRecords || !message.failure));
      written.push(...passed.map((one) => one.map(({ message }) => writtenOf(message))));
    }
    return {
      batches: written.filter(({ length }) => length > 0),
      ...(nacks.some((nack) => nack !== null) && { nacks }),
      ...(capture.includes('logs') && { logs }),
      ...(capture.includes('metrics') && { metrics: metrics.lines() }),
      ...(answers.length > 0 && { sync_responses: answers }),
    };
  } catch (error) {
    if (error instanceof ProcessorConfigError) return { batches: [], refused: error.message };
    if (error instanceof ProcessorCrashError) return { batches: [], exit: 1 };
    throw error;
  } finally {
    await programs.close();
  }
}

const messageOf = ({ content = '', content_base64: base64, meta = {} }: Part): Message => ({
  content: base64 === undefined ? Buffer.from(content) : Buffer.from(base64, 'base64'),
  metadata: meta,
});

function writtenOf({ content, metadata, failure }: Message): Written {
  const bytes = Buffer.from(content);
  const text = bytes.toString();
  const isText = Buffer.from(text).equals(bytes);
  return {
    ...(isText ? { content: text } : { content_base64: bytes.toString('base64') }),
    meta: Object.fromEntries(Object.entries(metadata).map(([name, value]) => [name, recorded(value)])),
    error: failure?.message ?? null,
  };
}

/** Metadata as the cases hold it. */
function recorded(value: unknown): unknown {
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString() };
  if (value instanceof Timestamp) return { $time: value.toString() };
  return JSON.parse(encodeJson(value as Value));
}

/** Metrics as the cases have them. */
class RecordedMetrics {
  readonly #values = new Map<string, number>();

  open({ kind, name }: { readonly kind: 'counter' | 'gauge' | 'timing'; readonly name: string }) {
    return (labels: Readonly<Record<string, string>>, value: number): void => {
      const pairs = Object.keys(labels)
        .sort()
        .map((label) => `${label}=${labels[label]}`);
      const series = `${kind} ${name}{${pairs.join(',')}}`;
      this.#values.set(series, (kind === 'counter' ? (this.#values.get(series) ?? 0) : 0) + value);
    };
  }

  lines(): string[] {
    return [...this.#values].map(([series, value]) => `${series} ${value}`).sort();
  }
}

/** As the cases have lines, with the label only where there is one. */
function loggerTo(lines: string[], fixed: object = {}): Logger {
  const write =
    (level: string) =>
    (message: string, facts: object = {}) =>
      void lines.push(logLine(level, message, { ...fixed, ...facts }));
  return {
    ...{ debug: write('DEBUG'), info: write('INFO'), warn: write('WARN'), error: write('ERROR') },
    child: (facts) => loggerTo(lines, { ...fixed, ...facts }),
  };
}

function logLine(level: string, message: string, facts: object): string {
  const told = Object.entries(facts).filter(([name, value]) => name !== 'custom_source' && (name !== 'label' || value !== ''));
  return `${level} ${message.trimEnd()} ${encodeJson(Object.fromEntries(told) as Value)}`;
}

/** A recorded line in that form. */
export function normalLine(line: string): string {
  const at = line.lastIndexOf(' {"');
  const [, level, message] = /^([A-Z]+) (.*)$/s.exec(line.slice(0, at))!;
  return logLine(level!, message!, JSON.parse(line.slice(at)) as object);
}
