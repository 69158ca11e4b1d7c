/** What a project of someone else may write: compiled against the packed declarations, library checks on, and run as JavaScript. */
import { defaultEnvironment, parseMapping } from '@sluice/bloblang-library';
import { type Client, type ClientRecord, openClient } from '@sluice/client';
import { compileConfig, hasErrors, type SluiceConfig } from '@sluice/config';
import { startKinesisEmulator } from '@sluice/kinesis-emulator';

const { config, problems } = compileConfig([{ name: 'a.yaml', text: 'output: {aws_kinesis: {stream: s, partition_key: k}}' }], { env: {} });
const known: SluiceConfig = config;
const mapping = parseMapping('root = this.a + 1', { environment: defaultEnvironment });
const emulator = await startKinesisEmulator({ port: 0, streams: { orders: 1 } });
const connect = (redis: string): Promise<Client> => openClient({ redis, name: 'consumer' });
const send = (client: Client, records: readonly ClientRecord[]): Promise<void> => client.egress('output/s').send(records);

console.log(
  JSON.stringify({
    egresses: known.egresses.map(({ id }) => id),
    isValid: !hasErrors(problems),
    mapping: typeof mapping.map,
    client: [typeof connect, typeof send],
  }),
);
await emulator[Symbol.asyncDispose]();
