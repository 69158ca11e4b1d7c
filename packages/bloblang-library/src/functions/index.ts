import type { FunctionDefinition } from '@sluice/bloblang';
import { now, timestampUnix, timestampUnixMicro, timestampUnixMilli, timestampUnixNano } from './clock.ts';
import { count, counter } from './counter.ts';
import { env, file, fileRel, hostname } from './environment.ts';
import { bytes, pi, range, throwFunction, variable } from './general.ts';
import { ksuid, nanoid, uuidV4, uuidV7 } from './identifiers.ts';
import { batchIndex, batchSize, content, json } from './message.ts';
import { error, errored, errorSourceLabel, errorSourceName, errorSourcePath, tracingId, tracingSpan } from './message-failure.ts';
import { meta, metadata, rootMeta } from './message-metadata.ts';
import { randomInt } from './random-int.ts';
import { deleted, nothing } from './sentinels.ts';

export const coreFunctions: readonly FunctionDefinition[] = [
  ...[batchIndex, batchSize, content, json, metadata, meta, rootMeta],
  ...[error, errored, errorSourceLabel, errorSourceName, errorSourcePath, tracingId, tracingSpan],
  ...[now, timestampUnix, timestampUnixMicro, timestampUnixMilli, timestampUnixNano],
  ...[env, file, fileRel, hostname],
  ...[bytes, count, counter, deleted, nothing, pi, randomInt, range, throwFunction, variable],
  ...[ksuid, nanoid, uuidV4, uuidV7],
];
