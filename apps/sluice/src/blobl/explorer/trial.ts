import { BloblangParseError, renderParseError } from '@sluice/bloblang';
import { defaultEnvironment } from '@sluice/bloblang-library';
import { BloblangError, encodeJsonIndented, type Value } from '@sluice/values';
import { indented } from '../map-lines.ts';
import { compileSource } from '../mapping-source.ts';

/** What a mapping makes of the sample. */
export interface Trial {
  readonly kind: 'empty' | 'mapped' | 'dropped' | 'failed' | 'unparsed';
  readonly text: string;
}

export interface TrialInput {
  readonly mapping: string;
  readonly sample: string;
  /** The file that the mapping came from, which its imports are relative to. */
  readonly file: string | undefined;
  readonly isRaw: boolean;
}

const HINT = `Type a mapping, such as  root.id = this.id  — ${defaultEnvironment.functions.size} functions and ${defaultEnvironment.methods.size} methods, Tab completes.`;

export function tryMapping({ mapping, sample, file, isRaw }: TrialInput): Trial {
  if (mapping.trim() === '') return { kind: 'empty', text: HINT };
  try {
    const compiled = compileSource({ text: mapping, file });
    const batch = [{ content: Buffer.from(sample), metadata: {} }];
    const outcome = isRaw ? compiled.mapRaw(batch, 0) : compiled.map(batch, 0);
    if (outcome.kind === 'failed') return { kind: 'failed', text: outcome.error.message };
    if (outcome.kind === 'dropped') return { kind: 'dropped', text: 'the message is dropped' };
    if (outcome.loss) return { kind: 'failed', text: outcome.loss.message };
    const text = Buffer.from(indented(outcome.message.content)).toString();
    return { kind: 'mapped', text: text + metadataText(outcome.message.metadata) };
  } catch (error) {
    if (error instanceof BloblangParseError) return { kind: 'unparsed', text: renderParseError(error) };
    if (error instanceof BloblangError) return { kind: 'failed', text: error.message };
    throw error;
  }
}

function metadataText(metadata: Readonly<Record<string, unknown>>): string {
  if (Object.keys(metadata).length === 0) return '';
  return `\n\nmetadata ${encodeJsonIndented(metadata as Value, '  ', false)}`;
}
