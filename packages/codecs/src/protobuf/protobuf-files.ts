import { BloblangError } from '@sluice/values';
import { type Declarations, declarationsIn } from './declarations.ts';

/** Texts of .proto files, by the names under which they are imported. */
export type ProtobufFiles = ReadonlyMap<string, string>;

/** These come with the library. */
const IN_LIBRARY =
  /^google\/protobuf\/(any|api|descriptor|duration|empty|field_mask|source_context|struct|timestamp|type|wrappers)\.proto$/;

/**
 * The full names of the messages that files declare.
 * @throws {BloblangError} a file is not one of Protobuf, or imports one that is not there
 */
export function messagesIn(files: ProtobufFiles): ReadonlySet<string> {
  const messages = new Set<string>();
  for (const [name, { imports, messages: declared }] of readDeclarations(files)) {
    const missing = imports.find((wanted) => !files.has(wanted) && !IN_LIBRARY.test(wanted));
    if (missing !== undefined) throw new BloblangError(`${name}: expected the file of the import \`${missing}\`, found none`);
    for (const message of declared) messages.add(message);
  }
  return messages;
}

export const readDeclarations = (files: ProtobufFiles): ReadonlyMap<string, Declarations> =>
  new Map(Array.from(files, ([name, text]) => [name, inFile(name, () => declarationsIn(text))]));

/** The message of an error begins with the file. */
export function inFile<T>(name: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new BloblangError(`${name}: ${(error as Error).message}`);
  }
}
