import { BloblangError } from '../value/errors.ts';

const GEOIP = 'it needs a MaxMind database';

/** Functions and methods of the original that Sluice leaves out on purpose, with the reason. */
const NOT_OFFERED = {
  function: new Map([['with_schema_registry_header', 'Sluice has no schema registry']]),
  method: new Map([
    ['parse_parquet', 'Parquet files do not travel as records'],
    ['vector', 'it makes values for SQL outputs'],
    ['with_schema_registry_header', 'Sluice has no schema registry'],
    ...['city', 'country', 'asn', 'enterprise', 'anonymous_ip', 'connection_type', 'domain', 'isp'].map((kind): [string, string] => [
      `geoip_${kind}`,
      GEOIP,
    ]),
  ]),
} as const;

/** What to say of a name that an environment does not have: whether it is unknown, or known and left out. */
export function unrecognised(kind: keyof typeof NOT_OFFERED, name: string): BloblangError {
  const reason = NOT_OFFERED[kind].get(name);
  if (reason === undefined) return new BloblangError(`unrecognised ${kind} '${name}'`);
  return new BloblangError(`${kind} '${name}' is not part of Sluice, since ${reason}: see docs/differences.md`);
}
