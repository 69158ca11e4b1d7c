import { documentContent, type Message, openDocument } from '@sluice/bloblang';
import { type ArchiveEntry, readCsv, readJsonDocuments, unpackBinary, unpackTar, unpackZip } from '@sluice/codecs';
import { goTypeName, isArray, isObject, type Value } from '@sluice/values';
import { checkMessages } from './content-limit.ts';
import { ProcessorConfigError } from './errors.ts';
import { attempt, attemptTo, ContentError, flagged, isFailure } from './failure.ts';
import type { Processor, ProcessorSettings } from './processor.ts';

/** What a format says in front of the reason where a message is no such archive. */
const INTRODUCTIONS: Readonly<Record<string, string>> = {
  json_array: 'failed to parse message into JSON array',
  json_map: 'failed to parse message into JSON map',
  csv: 'failed to parse message as csv',
};

/** The messages in one message. Throws what {@link attempt} takes for a failure. */
type Unpack = (message: Message) => Message[];

/** `unarchive`: the messages in each message, each with its metadata, in its place. A message that is no such archive is flagged. */
export function unarchive(settings: ProcessorSettings): Processor {
  const unpack = formatOf(settings);
  const introduction = INTRODUCTIONS[(settings.options['format'] as string).replace(/:.*$/s, '')];
  return (batch) => [
    batch.flatMap((item) => {
      const work = () => unpack(item.message);
      const messages = introduction === undefined ? attempt(work) : attemptTo(introduction, work);
      return isFailure(messages) ? flagged(item, messages, settings) : messages.map((message) => ({ message, sources: item.sources }));
    }),
  ];
}

function formatOf(settings: ProcessorSettings): Unpack {
  const format = settings.options['format'] as string;
  switch (format) {
    case 'tar':
      return filed(unpackTar);
    case 'zip':
      return filed(unpackZip);
    case 'binary':
      return (message) => withContents(message, unpackBinary(message.content));
    case 'lines':
      return (message) => withContents(message, splitLines(message.content));
    case 'json_documents':
      return (message) => withDocuments(message, readJsonDocuments(message.content));
    case 'json_array':
      return unpackArray;
    case 'json_map':
      return unpackMap;
    case 'csv':
      return (message) => unpackCsv(message, ',');
    default: {
      const delimiter = /^csv:(.)$/su.exec(format)?.[1];
      if (delimiter !== undefined) return (message) => unpackCsv(message, delimiter);
      throw new ProcessorConfigError(settings.position, settings.path, `Sluice has no unarchive format \`${format}\``);
    }
  }
}

const filed =
  (unpack: (bytes: Uint8Array) => ArchiveEntry[]): Unpack =>
  (message) =>
    unpack(message.content).map(({ path, content }) => withMetadata(message, content, 'archive_filename', path));

function unpackArray(message: Message): Message[] {
  const document = openDocument(message.content).value();
  if (!isArray(document)) throw new ContentError(`invalid type '${goTypeName(document)}'`);
  return withDocuments(message, document);
}

function unpackMap(message: Message): Message[] {
  const document = openDocument(message.content).value();
  if (!isObject(document)) throw new ContentError(`invalid type '${goTypeName(document)}'`);
  return Object.keys(document).map((key) => withMetadata(message, documentContent(document[key]!).bytes, 'archive_key', key));
}

/** A line of names, then one object a line. */
function unpackCsv(message: Message, delimiter: string): Message[] {
  const [names = [], ...rows] = readCsv(Buffer.from(message.content).toString(), { delimiter, allowsLazyQuotes: false });
  return withDocuments(
    message,
    rows.map((row): Value => Object.fromEntries(names.map((name, place) => [name, row[place]!]))),
  );
}

function splitLines(content: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  let start = 0;
  for (let end = content.indexOf(0x0a); end >= 0; end = content.indexOf(0x0a, start)) {
    lines.push(content.subarray(start, end));
    checkMessages(lines.length);
    start = end + 1;
  }
  return [...lines, content.subarray(start)];
}

function withDocuments(message: Message, documents: Iterable<Value>): Message[] {
  const contents: Uint8Array[] = [];
  for (const document of documents) {
    contents.push(documentContent(document).bytes);
    checkMessages(contents.length);
  }
  return withContents(message, contents);
}

function withContents(message: Message, contents: readonly Uint8Array[]): Message[] {
  checkMessages(contents.length);
  return contents.map((content) => ({ ...message, content }));
}

/** Keys and paths come from the data: they are values here, never names of properties. An empty one is left out. */
const withMetadata = (message: Message, content: Uint8Array, key: 'archive_filename' | 'archive_key', value: string): Message => ({
  ...message,
  content,
  metadata: value === '' ? message.metadata : { ...message.metadata, [key]: value },
});
