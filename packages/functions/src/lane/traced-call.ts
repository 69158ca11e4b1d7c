import { type FunctionAddress, functionTypeOf } from '@sluice/function-protocol';
import type { Tracing } from '@sluice/telemetry';
import type { Invocation } from './invocation.ts';
import type { Message } from './messages.ts';

/**
 * Calls a function inside a span: below the job that its first message came with, linked to the jobs of the others. `call` gets the
 * `traceparent` that its requests carry, and what the answer sends goes on under it.
 */
export async function traceCall(
  tracing: Tracing | undefined,
  address: FunctionAddress,
  messages: readonly Message[],
  call: (trace: string | undefined) => Promise<Invocation>,
): Promise<Invocation> {
  if (!tracing) return call(undefined);
  const type = functionTypeOf(address);
  const [parent, ...links] = new Set(messages.flatMap(({ trace }) => trace ?? []));
  const attributes = { 'sluice.function': type, 'messaging.batch.message_count': messages.length };
  const span = tracing.start({ name: `call ${type}`, kind: 'client', parent, links, attributes });
  try {
    const invocation = await call(span.traceparent);
    span.end();
    return { ...invocation, trace: span.traceparent };
  } catch (error) {
    span.end(error);
    throw error;
  }
}
