import { defineMethod } from '@sluice/bloblang';
import { BloblangError, ianaZone, LOCAL, Timestamp, UTC, type Zone } from '@sluice/values';

/** The zone of a name as configured. Throws BloblangError for a name that there is no zone of. */
export function loadZone(name: string): Zone {
  if (name === '' || name === 'UTC') return UTC;
  if (name === 'Local') return LOCAL;
  const zone = ianaZone(name);
  if (zone !== undefined) return zone;
  const isPath = name.includes('..') || /^[/\\]/.test(name);
  const problem = isPath ? 'time: invalid location name' : `unknown time zone ${name}`;
  throw new BloblangError(`failed to parse timezone location name: ${problem}`);
}

export const tsTz = defineMethod('ts_tz', {
  category: 'Timestamp Manipulation',
  status: 'beta',
  description: 'The same moment in another time zone.',
  receiver: 'timestamp',
  isPlugin: true,
  isStatic: true,
  parameters: [
    { name: 'tz', type: 'string', description: '`UTC`, `Local` for the zone of the process, or an IANA name such as `America/New_York`.' },
  ],
  examples: [
    { mapping: 'root.at = this.at.ts_tz("UTC")', input: { at: '2024-07-01T09:00:00+02:00' }, output: { at: '2024-07-01T07:00:00Z' } },
    {
      summary: 'Summer time and standard time.',
      mapping: 'root = this.map_each(at -> at.ts_tz("Europe/Lisbon"))',
      input: ['2024-07-01T12:00:00Z', '2024-12-01T12:00:00Z'],
      output: ['2024-07-01T13:00:00+01:00', '2024-12-01T12:00:00Z'],
    },
  ],
  prepare: ([tz]) => {
    const zone = loadZone(tz);
    return (timestamp) => new Timestamp(timestamp.nanoseconds, zone);
  },
});
