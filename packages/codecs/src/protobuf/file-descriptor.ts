/** Descriptors of .proto files, in their JSON form, of what the parser made of them. */
import type { JsonObject as Json } from '@bufbuild/protobuf';
import { BloblangError } from '@sluice/values';
import type protobuf from 'protobufjs';
import type { TypeNames } from './type-names.ts';

/** A file as parsed, in a root of its own. */
export interface ParsedFile {
  readonly name: string;
  readonly package: string;
  readonly edition: string;
  readonly imports: readonly string[];
  readonly root: protobuf.Root;
}

/** Notes the types that a file declares. */
export function noteTypes({ package: scope, root }: ParsedFile, names: TypeNames, library: typeof protobuf): void {
  const visit = (parent: protobuf.NamespaceBase, path: string): void => {
    for (const child of parent.nestedArray) {
      const fullName = `${path}.${child.name}`;
      if (child instanceof library.Enum) names.add(fullName, 'enum');
      if (!(child instanceof library.Type)) continue;
      names.add(fullName, 'group' in child && child.group === true ? 'group' : 'message');
      visit(child, fullName);
    }
  };
  visit(packageOf(root, scope), scopeOf(scope));
}

/** A `google.protobuf.FileDescriptorProto`. Services are left out: no message needs them. */
export function fileDescriptor(file: ParsedFile, names: TypeNames, library: typeof protobuf): Json {
  const writer = new DescriptorWriter(names, library);
  return {
    name: file.name,
    package: file.package,
    dependency: [...file.imports],
    ...(/^proto[23]$/.test(file.edition) ? { syntax: file.edition } : { syntax: 'editions', edition: `EDITION_${file.edition}` }),
    ...writer.nested(packageOf(file.root, file.package), scopeOf(file.package), 'messageType'),
  };
}

const scopeOf = (scope: string): string => (scope === '' ? '' : `.${scope}`);

const packageOf = (root: protobuf.Root, scope: string): protobuf.NamespaceBase => (scope === '' ? root : root.define(scope));

class DescriptorWriter {
  readonly #names: TypeNames;
  readonly #library: typeof protobuf;

  constructor(names: TypeNames, library: typeof protobuf) {
    this.#names = names;
    this.#library = library;
  }

  /** What stands in a file or a message, in the order of the text. */
  nested(parent: protobuf.NamespaceBase, scope: string, messages: 'messageType' | 'nestedType'): Json {
    const { Type, Enum, Field } = this.#library;
    const children = parent.nestedArray;
    return {
      [messages]: children.filter((child) => child instanceof Type).map((type) => this.#message(type, `${scope}.${type.name}`)),
      enumType: children.filter((child) => child instanceof Enum).map(enumDescriptor),
      extension: children.filter((child) => child instanceof Field).map((field) => this.#field(field, scope, [])),
    };
  }

  #message(type: protobuf.Type, scope: string): Json {
    const nested = this.nested(type, scope, 'nestedType');
    // What extends the message from elsewhere is there too.
    const fields = type.fieldsArray.filter(({ declaringField }) => !declaringField);
    const maps = fields.filter((field) => field instanceof this.#library.MapField);
    return {
      name: type.name,
      ...nested,
      nestedType: [...(nested.nestedType as Json[]), ...maps.map((field) => this.#mapEntry(field, scope))],
      field: fields.map((field) => this.#field(field, scope, type.oneofsArray)),
      oneofDecl: type.oneofsArray.map(({ name }) => ({ name })),
      extensionRange: (type.extensions ?? []).map(([start, last]) => ({ start: start!, end: last! + 1 })),
      options: featuresIn(type.options),
    };
  }

  #mapEntry(field: protobuf.MapField, scope: string): Json {
    const key = { name: 'key', number: 1, label: 'LABEL_OPTIONAL', ...this.#type(field.keyType, scope) };
    const value = { name: 'value', number: 2, label: 'LABEL_OPTIONAL', ...this.#type(field.type, scope) };
    return { name: entryName(field), field: [key, value], options: { mapEntry: true } };
  }

  #field(field: protobuf.Field, scope: string, oneofs: readonly protobuf.OneOf[]): Json {
    const { json_name: jsonName, proto3_optional: proto3Optional, packed, default: initial } = (field.options ?? {}) as Json;
    const isMap = field instanceof this.#library.MapField;
    return {
      name: field.name,
      number: field.id,
      label: isMap ? 'LABEL_REPEATED' : `LABEL_${(field.rule ?? 'optional').toUpperCase()}`,
      ...(isMap ? { type: 'TYPE_MESSAGE', typeName: `${scope}.${entryName(field)}` } : this.#type(field.type, scope)),
      ...(field.extend !== undefined && { extendee: this.#names.resolve(field.extend, scope).fullName }),
      ...(field.partOf && { oneofIndex: oneofs.indexOf(field.partOf) }),
      jsonName: jsonName ?? field.name.replaceAll(/_+(.?)/g, (_, letter: string) => letter.toUpperCase()),
      ...(initial !== undefined && { defaultValue: String(initial) }),
      ...(proto3Optional === true && { proto3Optional }),
      options: { ...(packed !== undefined && { packed }), ...featuresIn(field.options) },
    };
  }

  #type(name: string, scope: string): Json {
    if (Object.hasOwn(this.#library.types.basic, name)) return { type: `TYPE_${name.toUpperCase()}` };
    const { fullName, kind } = this.#names.resolve(name, scope);
    return { type: `TYPE_${kind.toUpperCase()}`, typeName: fullName };
  }
}

const entryName = ({ name }: protobuf.FieldBase): string =>
  `${name.replaceAll(/(?:^|_+)([^_])/g, (_, letter: string) => letter.toUpperCase())}Entry`;

function enumDescriptor({ name, values, options }: protobuf.Enum): Json {
  const value = Object.entries(values).map(([label, number]) => ({ name: label, number }));
  if (value.length === 0) throw new BloblangError(`expected a value in the enum \`${name}\`, found none`);
  return { name, value, options: { allowAlias: options?.allow_alias === true, ...featuresIn(options) } };
}

const featuresIn = (options: Readonly<Record<string, unknown>> | undefined): Json =>
  options?.features === undefined ? {} : { features: options.features as Json };
