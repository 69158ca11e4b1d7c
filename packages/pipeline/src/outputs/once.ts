/** Made at the first use, and again after it has failed. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}

/** The same of what is closed when the pipeline ends. */
export function onceOpened<T extends Disposable>(
  open: () => Promise<T>,
  { onClose }: { onClose(close: () => Promise<void>): void },
): () => Promise<T> {
  let opened: T | undefined;
  onClose(async () => opened?.[Symbol.dispose]());
  return once(async () => {
    opened = await open();
    return opened;
  });
}
