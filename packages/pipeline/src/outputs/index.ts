import type { BuildOutput } from '../component.ts';
import { awsKinesis } from './aws-kinesis.ts';
import { awsS3 } from './aws-s3.ts';
import { awsSqs } from './aws-sqs.ts';
import { broker } from './broker.ts';
import { cache } from './cache.ts';
import { drop } from './drop.ts';
import { dropOn } from './drop-on.ts';
import { fallback } from './fallback.ts';
import { file } from './file.ts';
import { httpClient } from './http-client.ts';
import { inproc } from './inproc.ts';
import { reject } from './reject.ts';
import { rejectErrored } from './reject-errored.ts';
import { resource } from './resource.ts';
import { retry } from './retry.ts';
import { stdout } from './stdout.ts';
import { switchCases } from './switch.ts';
import { syncResponse } from './sync-response.ts';

/** Every output there is, by the name of its type. */
export const outputs: Readonly<Record<string, BuildOutput>> = {
  aws_kinesis: awsKinesis,
  aws_s3: awsS3,
  aws_sqs: awsSqs,
  broker,
  cache,
  drop,
  drop_on: dropOn,
  fallback,
  file,
  http_client: httpClient,
  inproc,
  reject,
  reject_errored: rejectErrored,
  resource,
  retry,
  stdout,
  switch: switchCases,
  sync_response: syncResponse,
};
