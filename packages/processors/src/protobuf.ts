import { readdirSync } from 'node:fs';
import { join, sep } from 'node:path';
import { readBoundedFile } from '@sluice/bloblang';
import { messagesIn, openProtobuf, type ProtobufFiles, type ProtobufMessage } from '@sluice/codecs';
import { asBuffer, BloblangError } from '@sluice/values';
import { withinStack } from './document.ts';
import { ProcessorConfigError } from './errors.ts';
import { attempt, attemptTo, flagged, isFailure } from './failure.ts';
import type { Processor, ProcessorSettings } from './processor.ts';

interface ProtobufOptions {
  readonly operator: 'to_json' | 'from_json';
  readonly message: string;
  readonly import_paths: readonly string[];
  readonly discard_unknown: boolean;
  readonly use_proto_names: boolean;
  readonly use_enum_numbers: boolean;
}

/** `protobuf`: documents of Protobuf messages, or the other way round, by .proto files. What does not fit is flagged and stays as it is. */
export function protobuf(settings: ProcessorSettings): Processor {
  const options = settings.options as unknown as ProtobufOptions;
  const files = checkedFiles(settings, options);
  const [what, convert] =
    options.operator === 'to_json'
      ? [`failed to unmarshal protobuf message '${options.message}'`, decoder(options)]
      : [`failed to unmarshal JSON message '${options.message}'`, encoder(options)];
  let opening: Promise<ProtobufMessage | Error> | undefined;
  return async (batch) => {
    opening ??= open(files, options.message);
    const message = await opening;
    return [
      batch.map((item) => {
        if (message instanceof Error) return flagged(item, message, settings);
        const content = attemptTo(what, () => withinStack(() => convert(message, asBuffer(item.message.content))));
        return isFailure(content) ? flagged(item, content, settings) : { ...item, message: { ...item.message, content } };
      }),
    ];
  };
}

type Convert = (message: ProtobufMessage, content: Buffer) => Uint8Array;

const decoder = (options: ProtobufOptions): Convert => {
  const writing = { usesProtoNames: options.use_proto_names, usesEnumNumbers: options.use_enum_numbers };
  return (message, content) => Buffer.from(message.toJson(content, writing));
};

const encoder = (options: ProtobufOptions): Convert => {
  const reading = { discardsUnknown: options.discard_unknown };
  return (message, content) => message.fromJson(content, reading);
};

/** The library may refuse more than a start does. */
async function open(files: ProtobufFiles, message: string): Promise<ProtobufMessage | Error> {
  try {
    return (await openProtobuf(files)).message(message);
  } catch (error) {
    if (isFailure(error)) return error;
    throw error;
  }
}

function checkedFiles({ position, path }: ProcessorSettings, { message, import_paths: folders }: ProtobufOptions): ProtobufFiles {
  const refuse = (reason: string, cause?: unknown) => new ProcessorConfigError(position, path, reason, cause);
  if (message === '') throw refuse('message field must not be empty');
  let files: ProtobufFiles;
  try {
    files = new Map(folders.flatMap(filesIn));
  } catch (error) {
    throw refuse(`failed to read import_paths: ${(error as Error).message}`, error);
  }
  const messages = attempt(() => messagesIn(files));
  if (messages instanceof BloblangError) throw refuse(`failed to read import_paths: ${messages.message}`, messages);
  if (!isFailure(messages) && messages.has(message)) return files;
  throw refuse(`unable to find message '${message}' definition within '[${folders.join(' ')}]', which has ${files.size} .proto files`);
}

/** The .proto files of a folder and those below it, by their paths from there. */
const filesIn = (folder: string): Array<readonly [string, string]> =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.proto'))
    .sort()
    .map((name) => [name.split(sep).join('/'), Buffer.from(readBoundedFile(join(folder, name))).toString()]);
