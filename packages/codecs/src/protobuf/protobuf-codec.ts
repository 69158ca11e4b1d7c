import type { DescMessage, FileRegistry } from '@bufbuild/protobuf';
import type { DescriptorProto } from '@bufbuild/protobuf/wkt';
import { BloblangError, isStackOverflow } from '@sluice/values';
import { type Libraries, loadLibraries, openRegistry } from './open-registry.ts';
import type { ProtobufFiles } from './protobuf-files.ts';
import { ShortFloats } from './short-floats.ts';

/** Messages of .proto files, as bytes and as documents in Protobuf's JSON mapping. What does not fit throws BloblangError. */
export interface ProtobufCodec {
  /** The message of a full name. */
  message(fullName: string): ProtobufMessage;
  /** The message of a file that has this index there, or within the message that the indexes before lead to. */
  messageAt(file: string, indexes: readonly number[]): ProtobufMessage;
  /** Full names of all messages of a file, those within others and the entries of maps too. */
  namesIn(file: string): readonly string[];
}

export interface ProtobufMessage {
  toJson(data: Uint8Array, options?: WriteOptions): string;
  fromJson(document: Uint8Array, options?: ReadOptions): Uint8Array;
}

interface WriteOptions {
  /** Fields have the names of the file, in place of those in lowerCamelCase. */
  readonly usesProtoNames?: boolean;
  readonly usesEnumNumbers?: boolean;
}

interface ReadOptions {
  /** Whether fields that the message does not have are left out. */
  readonly discardsUnknown?: boolean;
}

/** @throws {BloblangError} a file is not one of Protobuf, or names what is declared nowhere */
export async function openProtobuf(files: ProtobufFiles): Promise<ProtobufCodec> {
  const libraries = await loadLibraries();
  const registry = guarded('expected Protobuf files', () => openRegistry(files, libraries));
  const messageOf = messagesOf(registry, libraries);
  return {
    message(fullName) {
      const type = registry.getMessage(fullName);
      if (type) return messageOf(type);
      throw new BloblangError(`expected the message \`${fullName}\` in the files, found none`);
    },
    messageAt: (file, indexes) => messageOf(typeAt(registry.getFile(file)?.messages ?? [], indexes)),
    namesIn: (file) => (registry.getFile(file)?.messages ?? []).flatMap(({ typeName, proto }) => namesWithin(typeName, proto)),
  };
}

const namesWithin = (fullName: string, { nestedType }: DescriptorProto): readonly string[] => [
  fullName,
  ...nestedType.flatMap((nested) => namesWithin(`${fullName}.${nested.name}`, nested)),
];

function typeAt(types: readonly DescMessage[], [index, ...rest]: readonly number[]): DescMessage {
  if (index === undefined) throw new BloblangError('expected the index of a message, found none');
  const type = types[index];
  if (!type) throw new BloblangError(`expected the index of one of ${types.length} messages, found ${index}`);
  return rest.length === 0 ? type : typeAt(type.nestedMessages, rest);
}

function messagesOf(registry: FileRegistry, { mapping: { fromBinary, fromJsonString, toBinary, toJsonString } }: Libraries) {
  const floats = new ShortFloats();
  return (type: DescMessage): ProtobufMessage => ({
    toJson: (data, { usesProtoNames = false, usesEnumNumbers = false } = {}) =>
      guarded(`expected a message of the type ${type.typeName}`, () => {
        const options = { registry, useProtoFieldName: usesProtoNames, enumAsInteger: usesEnumNumbers };
        const message = fromBinary(type, data);
        floats.shorten(type, message as unknown as Record<string, unknown>);
        return toJsonString(type, message, options);
      }),
    fromJson: (document, { discardsUnknown = false } = {}) =>
      guarded(`expected a document of the type ${type.typeName}`, () => {
        const text = withExactIntegers(UTF8.decode(document));
        return toBinary(type, fromJsonString(type, text, { registry, ignoreUnknownFields: discardsUnknown }));
      }),
  });
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** Integers that a number cannot hold become texts, which the mapping takes for integers too. */
const withExactIntegers = (document: string): string =>
  /\d{16}/.test(document)
    ? document.replaceAll(/"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g, (token) =>
        /^-?[1-9]\d*$/.test(token) && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token,
      )
    : document;

function guarded<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof BloblangError || isStackOverflow(error)) throw error;
    throw new BloblangError(`${what}: ${(error as Error).message}`);
  }
}
