import { type AwsSettings, defaultAwsSettings, type IngressStream } from '@sluice/config';
import { expect, it } from 'vitest';
import { openClients } from './clients.ts';

const position = { file: 'b.yaml', line: 1, column: 1 };
const streamOf = (stream: string, aws?: AwsSettings): IngressStream => ({
  ...{ stream, shardIds: undefined, valueType: undefined, targets: [], position },
  ...(aws && { aws }),
});

it('are one for each region and role, and shared by streams of the same', async () => {
  const aws = { ...defaultAwsSettings, region: 'eu-west-1' };
  const assumeRole = { arn: 'arn:aws:iam::222233334444:role/reader', externalId: undefined };
  const streams = [
    streamOf('here'),
    streamOf('here too'),
    streamOf('abroad', { ...aws, region: 'us-east-1' }),
    streamOf('theirs', { ...aws, assumeRole }),
    streamOf('theirs too', { ...aws, assumeRole: { ...assumeRole } }),
  ];
  const settled: AwsSettings[] = [];
  using clients = await openClients({ aws, streams }, async (of) => {
    settled.push(of);
    return { region: of.region!, credentials: { accessKeyId: 'a', secretAccessKey: 'b' } };
  });
  const [here, hereToo, abroad, theirs, theirsToo] = streams.map((stream) => clients.of(stream));
  expect([hereToo === here, theirsToo === theirs, new Set([here, abroad, theirs]).size]).toEqual([true, true, 3]);
  expect(settled.map(({ region, assumeRole: role }) => [region, role?.arn])).toEqual([
    ['eu-west-1', undefined],
    ['us-east-1', undefined],
    ['eu-west-1', assumeRole.arn],
  ]);
  expect(await abroad!.sdk.config.region()).toBe('us-east-1');
});
