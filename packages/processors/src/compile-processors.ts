import type { Message } from '@sluice/bloblang';
import { type Awaitable, andThen } from '@sluice/core';
import { archive } from './archive.ts';
import { avro } from './avro.ts';
import { benchmark } from './benchmark.ts';
import { branch } from './branch.ts';
import { cache } from './cache.ts';
import { cached } from './cached.ts';
import { command } from './command.ts';
import { compress, decompress } from './compression.ts';
import { crash } from './crash.ts';
import { dedupe } from './dedupe.ts';
import { ProcessorConfigError } from './errors.ts';
import type { OpenGlue } from './glue-port.ts';
import { glueSchemaRegistryDecode } from './glue-schema-registry-decode.ts';
import { grok } from './grok.ts';
import { groupBy, groupByValue, split } from './grouping.ts';
import { http } from './http.ts';
import type { OpenHttpClient } from './http-port.ts';
import { jmespath } from './jmespath.ts';
import { jq } from './jq.ts';
import { jsonSchema } from './json-schema.ts';
import { log } from './log.ts';
import { mapping, mutation } from './mapping.ts';
import { metric } from './metric.ts';
import { catchEach, forEach, parallel, processors, tryCatch, tryEach } from './nesting.ts';
import { parseLog } from './parse-log.ts';
import {
  type Batch,
  type CompileContext,
  PLAIN_RUN,
  type ProcessedMessage,
  type Processor,
  type ProcessorPorts,
  type ProcessorSettings,
  type Run,
  runAll,
} from './processor.ts';
import type { Programs } from './programs-port.ts';
import { protobuf } from './protobuf.ts';
import { rateLimit } from './rate-limit.ts';
import { NO_RESOURCES, type Resources } from './resources.ts';
import { retry } from './retry.ts';
import { schemaRegistryDecode } from './schema-registry-decode.ts';
import { boundsCheck, insertPart, noop, selectParts } from './selection.ts';
import { sleep } from './sleep.ts';
import { subprocess } from './subprocess.ts';
import { switchCases } from './switch.ts';
import { syncResponse } from './sync-response.ts';
import { unarchive } from './unarchive.ts';
import { whileTrue } from './while.ts';
import { workflow } from './workflow.ts';

type Compile = (settings: ProcessorSettings, context: CompileContext) => Processor;

const TYPES: ReadonlyMap<string, Compile> = new Map<string, Compile>([
  ['archive', archive],
  ['avro', avro],
  ['benchmark', benchmark],
  ['bloblang', mapping],
  ['bounds_check', boundsCheck],
  ['branch', branch],
  ['cache', cache],
  ['cached', cached],
  ['catch', catchEach],
  ['command', command],
  ['compress', compress],
  ['crash', crash],
  ['decompress', decompress],
  ['dedupe', dedupe],
  ['for_each', forEach],
  ['glue_schema_registry_decode', glueSchemaRegistryDecode],
  ['grok', grok],
  ['group_by', groupBy],
  ['group_by_value', groupByValue],
  ['http', http],
  ['insert_part', insertPart],
  ['jmespath', jmespath],
  ['jq', jq],
  ['json_schema', jsonSchema],
  ['log', log],
  ['mapping', mapping],
  ['metric', metric],
  ['mutation', mutation],
  ['noop', noop],
  ['parallel', parallel],
  ['parse_log', parseLog],
  ['processors', processors],
  ['protobuf', protobuf],
  ['rate_limit', rateLimit],
  ['retry', retry],
  ['schema_registry_decode', schemaRegistryDecode],
  ['select_parts', selectParts],
  ['sleep', sleep],
  ['split', split],
  ['subprocess', subprocess],
  ['switch', switchCases],
  ['sync_response', syncResponse],
  ['try', tryEach],
  ['try_catch', tryCatch],
  ['unarchive', unarchive],
  ['while', whileTrue],
  ['workflow', workflow],
]);

/** The names of all processors there are. */
export const processorTypes: readonly string[] = [...TYPES.keys()];

export interface ProcessorOptions extends ProcessorPorts {
  /** @default none */
  readonly resources?: Resources;
  /** For `http`. */
  readonly openHttp?: OpenHttpClient | undefined;
  /** For `glue_schema_registry_decode`. */
  readonly openGlue?: OpenGlue | undefined;
  /** For `command` and `subprocess`. */
  readonly programs?: Programs | undefined;
  /** A number in [0, 1). @default Math.random */
  readonly random?: () => number;
  /** Whether a failed message is refused in the end (`error_handling.strict`): then it never goes into an archive with others. */
  readonly refusesFailed: boolean;
}

/** Processors in their order, compiled. Keeps nothing between batches. */
export interface ProcessorChain {
  /**
   * What becomes of a batch; several resulting batches follow each other as one. Every message says which messages of the batch, by their
   * indexes, it stands for; one that nothing stands for was dropped by a processor. A message that failed is flagged, it does not throw.
   * A promise where a processor waits; it rejects where the run is given up.
   */
  run(batch: readonly Message[], run?: Run): Awaitable<readonly ProcessedMessage[]>;
  /** As {@link run}, as the batches that processors made of it. */
  batches(batch: readonly Message[], run?: Run): Awaitable<readonly Batch[]>;
}

/** @throws {ProcessorConfigError} a processor that can never run, with its place in the file */
export function compileProcessors(settings: readonly ProcessorSettings[], options: ProcessorOptions): ProcessorChain {
  const ports = { resources: NO_RESOURCES, openHttp: undefined, openGlue: undefined, programs: undefined, random: Math.random, ...options };
  const lenient: CompileContext = {
    ...ports,
    compileAll: (nested) => nested.map((one) => compileOne(one, lenient)),
    get lenient() {
      return lenient;
    },
  };
  const strict: CompileContext = {
    ...ports,
    compileAll: (nested) => nested.map((one) => unlessFailed(compileOne(one, strict))),
    lenient,
  };
  const chain = (options.refusesFailed ? strict : lenient).compileAll(settings);
  const batches = (batch: readonly Message[], run = PLAIN_RUN) => runAll(chain, [batch.map(sourceMessage)], run);
  return { run: (batch, run) => andThen(batches(batch, run), (left) => left.flat()), batches };
}

/** Under `error_handling.strict` a batch whose first message has failed passes by, whatever processor it is. */
const unlessFailed =
  (process: Processor): Processor =>
  (batch, run) =>
    batch[0]!.message.failure ? [batch] : process(batch, run);

function compileOne(settings: ProcessorSettings, context: CompileContext): Processor {
  const compile = TYPES.get(settings.type);
  if (compile) return measured(compile(settings, context), settings, context);
  const { position, path, type } = settings;
  throw new ProcessorConfigError(position, path, `Sluice has no processor \`${type}\`; it has ${processorTypes.join(', ')}`);
}

function measured(process: Processor, { path }: ProcessorSettings, { around }: CompileContext): Processor {
  return around ? (batch, run) => around(path, batch, () => process(batch, run)) : process;
}

/** A plain message, whatever object brought it. */
const sourceMessage = ({ content, metadata, failure }: Message, index: number): ProcessedMessage => ({
  message: { content, metadata, ...(failure && { failure }) },
  sources: [index],
});
