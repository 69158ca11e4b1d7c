import type { Readable } from 'node:stream';
import type { Message } from '@sluice/bloblang';
import type { Deliver } from '../delivery.ts';
import type { Scanner } from '../scanners/scanner.ts';

export interface ScanOptions {
  readonly scanner: Scanner;
  /** Of the source. */
  readonly name: string;
  readonly deliver: Deliver;
  readonly signal: AbortSignal;
  /** Laid over the metadata of each message. */
  readonly metadata?: Message['metadata'];
  /** Told of each batch as it settles. */
  readonly onSettled?: (failure: Error | undefined) => void;
}

/** Delivers what a scanner finds in a stream, to its end or until `signal` is aborted. Rejects with what the stream or the scanner rejects with. */
export async function deliverScanned(
  source: Readable,
  { scanner, name, deliver, signal, metadata, onSettled }: ScanOptions,
): Promise<void> {
  const stop = () => source.destroy();
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const batch of scanner(source, name)) {
      if (signal.aborted) return;
      const messages = metadata ? batch.map((message) => ({ ...message, metadata: { ...message.metadata, ...metadata } })) : batch;
      await deliver({ messages, settle: (failure) => onSettled?.(failure) });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
