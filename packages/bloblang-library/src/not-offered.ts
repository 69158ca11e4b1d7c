import type { Omissions } from '@sluice/bloblang';

const GEOIP = 'it needs a MaxMind database';

/** Functions and methods of the original that Sluice leaves out on purpose, with the reason. */
export const NOT_OFFERED: Omissions = {
  functions: new Map([['with_schema_registry_header', 'Sluice has no schema registry']]),
  methods: new Map([
    ['parse_parquet', 'Parquet files do not travel as records'],
    ['vector', 'it makes values for SQL outputs'],
    ['with_schema_registry_header', 'Sluice has no schema registry'],
    ...['city', 'country', 'asn', 'enterprise', 'anonymous_ip', 'connection_type', 'domain', 'isp'].map((kind): [string, string] => [
      `geoip_${kind}`,
      GEOIP,
    ]),
  ]),
};
