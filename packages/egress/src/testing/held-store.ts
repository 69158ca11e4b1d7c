import { ObjectStoreError } from '@sluice/object-store';
import type { LargeRecordStore } from '../egress-writer/record-offload.ts';
import { settled } from './held-sink.ts';

interface HeldPut {
  readonly name: string;
  readonly signal: AbortSignal;
  done(): Promise<void>;
  fail(error?: Error): Promise<void>;
}

/** A bucket whose answers are the test's. */
export class HeldStore implements LargeRecordStore {
  /** Puts not answered yet, oldest first. */
  readonly open: HeldPut[] = [];
  /** Of all puts. */
  readonly names: string[] = [];
  readonly objects = new Map<string, string>();

  put(name: string, data: Buffer, signal: AbortSignal): Promise<void> {
    this.names.push(name);
    return new Promise((resolve, reject) => {
      const end = (settle: () => void) => {
        const place = this.open.indexOf(put);
        if (place >= 0) this.open.splice(place, 1);
        settle();
        return settled();
      };
      const store = () => {
        this.objects.set(name, data.toString());
        resolve();
      };
      const put: HeldPut = {
        name,
        signal,
        done: () => end(store),
        fail: (error = new ObjectStoreError('b', new Error('away'))) => end(() => reject(error)),
      };
      signal.addEventListener('abort', () => void end(() => reject(signal.reason as Error)), { once: true });
      this.open.push(put);
    });
  }

  placeOf(name: string) {
    return { bucket: 'b', key: `x/${name}` };
  }

  /** The text itself, or what it refers to. */
  resolve(text: string): string {
    return text.startsWith('{') ? this.objects.get((JSON.parse(text) as { readonly sha256: string }).sha256)! : text;
  }
}
