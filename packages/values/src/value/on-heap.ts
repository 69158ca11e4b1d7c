/** A recursion written as a generator: it yields what it needs the result of, and is resumed with that. */
export type HeapRecursion<T> = Generator<HeapRecursion<T>, T, T>;

/** Runs a recursion with its frames on the heap, so that it may go as deep as memory allows. Slower than the stack. */
export function onHeap<T>(start: HeapRecursion<T>): T {
  const stack = [start];
  let step = start.next();
  for (;;) {
    if (!step.done) {
      stack.push(step.value);
      step = step.value.next();
      continue;
    }
    stack.pop();
    const caller = stack.at(-1);
    if (caller === undefined) return step.value;
    step = caller.next(step.value);
  }
}
