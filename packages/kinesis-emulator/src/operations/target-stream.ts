import type { JsonObject } from '../protocol/input.ts';
import { optionalText, type TextRule } from '../protocol/input.ts';
import { invalidArgument, resourceNotFound } from '../service-error.ts';
import type { Account } from '../store/account.ts';
import type { Stream } from '../store/stream.ts';

export const STREAM_NAME: TextRule = { pattern: /^[a-zA-Z0-9_.-]+$/, max: 128 };
const STREAM_ARN: TextRule = { pattern: /^arn:aws.*:kinesis:.*:\d{12}:stream\/\S+$/, max: 2048 };

/** The name that a request's `StreamName` or `StreamARN` stands for; `undefined` where it has neither. */
export function optionalStreamName(account: Account, input: JsonObject): string | undefined {
  const name = optionalText(input, 'StreamName', STREAM_NAME);
  const arn = optionalText(input, 'StreamARN', STREAM_ARN);
  if (arn === undefined) return name;
  const nameInArn = arn.slice(arn.indexOf('/') + 1);
  if (name !== undefined && name !== nameInArn) throw invalidArgument(`StreamName ${name} and StreamARN ${arn} name different streams.`);
  if (arn !== account.arnOf(nameInArn)) {
    throw resourceNotFound(`Stream ARN ${arn} is not of account ${account.accountId} in region ${account.region}.`);
  }
  return nameInArn;
}

/** The stream a request is about, in whatever state it is. */
export function targetStream(account: Account, input: JsonObject): Stream {
  const name = optionalStreamName(account, input);
  if (name === undefined) throw invalidArgument('Either StreamName or StreamARN must be given.');
  return account.stream(name);
}

/** The stream, if records can be written to it or read from it. */
export function dataStream(account: Account, input: JsonObject): Stream {
  const stream = targetStream(account, input);
  if (stream.status === 'CREATING' || stream.status === 'DELETING') {
    throw resourceNotFound(`Stream ${stream.name} under account ${account.accountId} not found: it is ${stream.status}.`);
  }
  return stream;
}
