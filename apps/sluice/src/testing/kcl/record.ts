/**
 * Records what a real KCL application leaves behind in DynamoDB.
 *
 *     node record.ts JAVA_CLASS_PATH DYNAMODB_ENDPOINT kcl-3.0.json
 *
 * The class path has the KCL (Maven: software.amazon.kinesis:amazon-kinesis-client), slf4j-simple and Totals.java, compiled; the endpoint may be
 * that of DynamoDB Local (Maven: com.amazonaws:DynamoDBLocal).
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { scanTable } from '@sluice/checkpoint-import';
import { silentLogger, systemClock } from '@sluice/core';
import { createAwsClientSettings } from '@sluice/credentials';
import { startOrdersStream } from './orders-stream.ts';

const [, , classPath, endpoint, file] = process.argv as [string, string, string, string, string];
const { emulator } = await startOrdersStream();
const table = `totals-${Date.now()}`;
const java = spawn('java', ['-cp', classPath, 'Totals', emulator.endpoint, endpoint, table], { stdio: ['ignore', 'pipe', 'inherit'] });
const exited = once(java, 'exit');
const handled = [...(await text(java.stdout)).matchAll(/^handled (.*)$/gm)].map(([, record]) => record);
const [code] = await exited;
if (code !== 0) throw new Error(`expected the application to come as far as it was told, found it ended with ${code}`);

const credentials = { type: 'static', accessKeyId: 'test', secretAccessKey: { reveal: () => 'test' }, sessionToken: undefined } as const;
const aws = { region: 'us-east-1', endpoint, credentials, assumeRole: undefined, http: {} };
const settings = await createAwsClientSettings(aws, { env: {}, clock: systemClock, logger: silentLogger, service: 'DYNAMODB' });
const rows = await scanTable(table, settings, new AbortController().signal);
await writeFile(resolve(import.meta.dirname, file), `${JSON.stringify({ handled, rows }, null, 2)}\n`);
await emulator[Symbol.asyncDispose]();
