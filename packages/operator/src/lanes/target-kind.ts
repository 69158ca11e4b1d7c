import { usesKey } from '@sluice/redis';
import { readReports } from '@sluice/status';
import type { Operator } from '../operator.ts';

/** What a target is, as workers report it, or noted at their start; `null` where none ever ran that says so. */
export async function targetKind({ session, keyPrefix }: Operator, target: string): Promise<'egress' | 'function' | null> {
  const [reports, use] = await Promise.all([
    readReports(session, { keyPrefix }),
    session.run(session.epoch, (client) => client.hget(usesKey(keyPrefix), `egress ${target}`)),
  ]);
  if (reports.some(({ functions }) => functions.some(({ type }) => type === target))) return 'function';
  // An output of a Benthos file, of which no function can have the name.
  if (use !== null || target.startsWith('output/') || reports.some(({ egresses }) => egresses.some(({ egress }) => egress === target)))
    return 'egress';
  return null;
}
