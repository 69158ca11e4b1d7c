import { describe, expect, it } from 'vitest';
import { parseMapping } from './parse.ts';

describe('what is left out on purpose', () => {
  it.each([
    [
      'root = this.ip.geoip_city("db.mmdb")',
      "line 1 char 37: method 'geoip_city' is not part of Sluice, since it needs a MaxMind database",
    ],
    ['root = content().parse_parquet()', "method 'parse_parquet' is not part of Sluice, since Parquet files do not travel as records"],
    ['root = this.v.vector()', "method 'vector' is not part of Sluice, since it makes values for SQL outputs"],
    [
      'root = with_schema_registry_header(1, "x")',
      "function 'with_schema_registry_header' is not part of Sluice, since Sluice has no schema registry",
    ],
  ])('%s says so, and where to read why', (mapping, message) => {
    expect(() => parseMapping(mapping)).toThrow(`${message}: see docs/differences.md`);
  });

  it('is told from what nobody knows', () => {
    expect(() => parseMapping('root = this.v.geoip_planet()')).toThrow("unrecognised method 'geoip_planet'");
  });
});
