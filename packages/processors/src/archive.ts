import { type Interpolation, type Message, openDocument } from '@sluice/bloblang';
import { packBinary, packTar, packZip } from '@sluice/codecs';
import { encodeJson } from '@sluice/values';
import { compileInterpolation } from './bloblang-text.ts';
import { ProcessorConfigError } from './errors.ts';
import { attempt, attemptTo, flagged, isFailure } from './failure.ts';
import {
  type CompileContext,
  type ProcessedMessage,
  type Processor,
  type ProcessorSettings,
  type SourceText,
  unionOf,
} from './processor.ts';

/** One format. `read` takes from a message what `pack` needs of it, and throws if the message has not got it. */
interface Format<Part> {
  readonly read: (messages: readonly Message[], index: number) => Part;
  readonly pack: (parts: readonly Part[]) => Uint8Array;
}

const LINE_FEED = Buffer.from('\n');

/**
 * `archive`: one message of a batch, with the metadata of the first, that stands for the records of all. A message that does not fit the
 * format is flagged and stays by itself; its neighbours are archived. Where failed messages are refused, they are left out too.
 */
export function archive(settings: ProcessorSettings, context: CompileContext): Processor {
  const { read, pack } = formatOf(settings, context);
  return (batch) => {
    const messages = batch.map(({ message }) => message);
    const members: ProcessedMessage[] = [];
    const parts: unknown[] = [];
    const others: ProcessedMessage[] = [];
    for (const [index, item] of batch.entries()) {
      if (context.refusesFailed && item.message.failure) {
        others.push(item);
        continue;
      }
      const part = attempt(() => read(messages, index));
      if (isFailure(part)) {
        others.push(flagged(item, part, settings));
      } else {
        members.push(item);
        parts.push(part);
      }
    }
    if (members.length === 0) return [others];
    const content = attempt(() => pack(parts));
    if (isFailure(content)) return [[...members.map((item) => flagged(item, content, settings)), ...others]];
    return [[{ message: { ...members[0]!.message, content }, sources: unionOf(members) }, ...others]];
  };
}

function formatOf(settings: ProcessorSettings, { clock }: CompileContext): Format<unknown> {
  const format = settings.options['format'] as string;
  switch (format) {
    case 'concatenate':
      return plain((contents) => Buffer.concat(contents));
    case 'lines':
      return plain((contents) => Buffer.concat(contents.flatMap((content, index) => (index === 0 ? content : [LINE_FEED, content]))));
    case 'binary':
      return plain(packBinary);
    case 'json_array':
      return {
        read: (messages, index) => {
          const text = attemptTo('failed to parse message as JSON', () => encodeJson(openDocument(messages[index]!.content).value()));
          if (isFailure(text)) throw text;
          return text;
        },
        pack: (documents) => Buffer.from(`[${documents.join(',')}]`),
      };
    case 'tar':
      return filed(settings, (entries) => packTar(entries, clock.now()));
    case 'zip':
      return filed(settings, (entries) => packZip(entries, clock.now()));
    default:
      throw new ProcessorConfigError(settings.position, settings.path, `Sluice has no archive format \`${format}\``);
  }
}

const plain = (pack: Format<Uint8Array>['pack']): Format<unknown> => erased({ read: (messages, index) => messages[index]!.content, pack });

/** Formats of files, each at its interpolated path; one that fails is empty. */
function filed(settings: ProcessorSettings, pack: (entries: readonly { path: string; content: Uint8Array }[]) => Uint8Array) {
  const path: Interpolation = compileInterpolation(settings.options['path'] as SourceText, settings);
  return erased({
    read: (messages, index) => {
      const name = attempt(() => path.evaluate(messages, index));
      return { path: isFailure(name) ? '' : name, content: messages[index]!.content };
    },
    pack,
  });
}

/** What a format reads is what it packs; nobody else looks at it. */
const erased = <Part>(format: Format<Part>): Format<unknown> => format as Format<unknown>;
