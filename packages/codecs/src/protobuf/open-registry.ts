import type { FileRegistry } from '@bufbuild/protobuf';
import type { FileDescriptorProto } from '@bufbuild/protobuf/wkt';
import { BloblangError } from '@sluice/values';
import type protobuf from 'protobufjs';
import { fileDescriptor, noteTypes, type ParsedFile } from './file-descriptor.ts';
import { inFile, type ProtobufFiles, readDeclarations } from './protobuf-files.ts';
import { TypeNames } from './type-names.ts';

/** One parses .proto files, the other has Protobuf's JSON mapping. */
export interface Libraries {
  readonly parser: typeof protobuf;
  readonly mapping: typeof import('@bufbuild/protobuf');
  readonly wellKnown: typeof import('@bufbuild/protobuf/wkt');
}

/** Few need them. */
export async function loadLibraries(): Promise<Libraries> {
  const [{ default: parser }, mapping, wellKnown] = await Promise.all([
    import('protobufjs'),
    import('@bufbuild/protobuf'),
    import('@bufbuild/protobuf/wkt'),
  ]);
  return { parser, mapping, wellKnown };
}

/** The types of files, and of those that come with the library and are imported. */
export function openRegistry(files: ProtobufFiles, { parser, mapping, wellKnown }: Libraries): FileRegistry {
  const inLibrary = Object.values(wellKnown).filter((value) => 'kind' in value && value.kind === 'file');
  const parsed = parse(files, parser);
  const names = new TypeNames();
  for (const { typeName } of inLibrary.flatMap(({ messages }) => messages)) names.add(`.${typeName}`, 'message');
  for (const { typeName } of inLibrary.flatMap(({ enums }) => enums)) names.add(`.${typeName}`, 'enum');
  for (const file of parsed) noteTypes(file, names, parser);

  const describe = (file: ParsedFile): FileDescriptorProto =>
    inFile(file.name, () =>
      mapping.fromJson(wellKnown.FileDescriptorProtoSchema, fileDescriptor(file, names, parser), { ignoreUnknownFields: true }),
    );
  const descriptors = new Map(inLibrary.map(({ proto }) => [proto.name, proto]));
  for (const file of parsed) descriptors.set(file.name, describe(file));
  const file = inOrder([...files.keys()], descriptors);
  return mapping.createFileRegistry(mapping.create(wellKnown.FileDescriptorSetSchema, { file }));
}

function parse(files: ProtobufFiles, parser: typeof protobuf): ParsedFile[] {
  const declarations = readDeclarations(files);
  return Array.from(files, ([name, text]) => {
    const { edition, imports } = declarations.get(name)!;
    const { root, package: scope = '' } = inFile(name, () => parser.parse(text, new parser.Root(), { keepCase: true }));
    return { name, package: scope, edition, imports, root };
  });
}

/** Files, each behind those that it imports, which come too. */
function inOrder(names: readonly string[], descriptors: ReadonlyMap<string, FileDescriptorProto>): FileDescriptorProto[] {
  const visited = new Set<string>();
  const ordered: FileDescriptorProto[] = [];
  const visit = (name: string, importer: string): void => {
    if (visited.has(name)) return;
    visited.add(name);
    const file = descriptors.get(name);
    if (!file) throw new BloblangError(`${importer}: expected the file of the import \`${name}\`, found none`);
    for (const dependency of file.dependency) visit(dependency, name);
    ordered.push(file);
  };
  for (const name of names) visit(name, name);
  return ordered;
}
