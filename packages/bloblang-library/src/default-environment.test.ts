import { describe, expect, it } from 'vitest';
import { defaultEnvironment } from './default-environment.ts';

/** What Benthos 4.76 offers, by category. */
const CORE_FUNCTIONS = `
  nothing var count meta root_meta env file file_rel hostname now timestamp_unix timestamp_unix_micro timestamp_unix_milli
  timestamp_unix_nano bytes counter deleted ksuid nanoid pi random_int range throw uuid_v4 uuid_v7 batch_index batch_size content
  error error_source_label error_source_name error_source_path errored json metadata tracing_id tracing_span`;

const CORE_METHODS: Record<string, string> = {
  General: 'apply catch from from_all map not or',
  'Number Manipulation': `abs bitwise_and bitwise_or bitwise_xor ceil cos float32 float64 floor int16 int32 int64 int8 log log10 max
    min pow round sin tan uint16 uint32 uint64 uint8`,
  'Object & Array Manipulation': `all any append assign collapse concat enumerated exists explode filter find find_all find_all_by
    find_by flatten fold get index join key_values keys map_each map_each_key merge sort sort_by squash sum unique values with without
    zip contains length slice json_schema`,
  Parsing: `bloblang format_json format_yaml infer_schema parse_csv parse_form_url_encoded parse_json parse_logfmt parse_url parse_yaml`,
  'Regular Expressions': 're_find_all re_find_all_object re_find_all_submatch re_find_object re_match re_replace re_replace_all',
  'String Manipulation': `capitalize escape_html escape_url_path escape_url_query filepath_join filepath_split format has_prefix
    has_suffix index_of lowercase quote repeat replace replace_all replace_all_many replace_many reverse split trim trim_prefix
    trim_suffix unescape_html unescape_url_path unescape_url_query unquote uppercase`,
  'Timestamp Manipulation': `parse_duration parse_duration_iso8601 ts_add_iso8601 ts_format ts_parse ts_round ts_strftime ts_strptime
    ts_sub ts_sub_iso8601 ts_tz ts_unix ts_unix_micro ts_unix_milli ts_unix_nano`,
  Deprecated: `format_timestamp format_timestamp_strftime format_timestamp_unix format_timestamp_unix_micro format_timestamp_unix_milli
    format_timestamp_unix_nano parse_timestamp parse_timestamp_strptime`,
  'Type Coercion': 'array bool bytes not_empty not_null number string timestamp type',
  'Encoding and Encryption': 'compress decode decompress decrypt_aes encode encrypt_aes hash uuid_v5',
};

/** What Redpanda Connect 4.106 adds, but for what Sluice leaves out. */
const EXTENDED_FUNCTIONS = 'fake snowflake_id ulid';
const EXTENDED_METHODS = `
  compare_argon2 compare_bcrypt diff patch format_msgpack parse_msgpack format_xml parse_xml json_path slug strip_html unicode_segments
  parse_jwt_hs256 parse_jwt_hs384 parse_jwt_hs512 parse_jwt_rs256 parse_jwt_rs384 parse_jwt_rs512 parse_jwt_es256 parse_jwt_es384
  parse_jwt_es512 sign_jwt_hs256 sign_jwt_hs384 sign_jwt_hs512 sign_jwt_rs256 sign_jwt_rs384 sign_jwt_rs512 sign_jwt_es256
  sign_jwt_es384 sign_jwt_es512`;

const namesIn = (text: string): string[] => text.trim().split(/\s+/).sort();

describe('the catalogue', () => {
  it('holds every function of the core', () => {
    const missing = namesIn(CORE_FUNCTIONS).filter((name) => !defaultEnvironment.functions.has(name));
    expect(missing).toEqual([]);
  });

  it.each(Object.entries(CORE_METHODS))('holds every method of %s, under that category', (category, names) => {
    const misplaced = namesIn(names).filter((name) => defaultEnvironment.methods.get(name)?.category !== category);
    expect(misplaced).toEqual([]);
  });

  it('holds the extended functions and methods, and nothing besides', () => {
    const core = [...namesIn(CORE_FUNCTIONS), ...Object.values(CORE_METHODS).flatMap(namesIn)];
    const added = [...defaultEnvironment.functions.keys(), ...defaultEnvironment.methods.keys()].filter((name) => !core.includes(name));
    expect(added.sort()).toEqual(namesIn(`${EXTENDED_FUNCTIONS} ${EXTENDED_METHODS}`));
  });

  it('marks what reaches outside the message, and leaves it out of the pure environment', () => {
    const pure = defaultEnvironment.onlyPure();
    const impure = [...defaultEnvironment.functions.keys(), ...defaultEnvironment.methods.keys()].filter(
      (name) => !pure.functions.has(name) && !pure.methods.has(name),
    );
    expect(impure.sort()).toEqual(['count', 'env', 'file', 'file_rel', 'hostname']);
  });

  it('can leave out single names', () => {
    const restricted = defaultEnvironment.without('now', 'map_each');
    expect(() => restricted.function('now')).toThrow("unrecognised function 'now'");
    expect(() => restricted.method('map_each')).toThrow("unrecognised method 'map_each'");
  });

  it('names parameters once each, in the form the language can call them', () => {
    for (const { parameters } of [...defaultEnvironment.functions.values(), ...defaultEnvironment.methods.values()]) {
      const names = parameters.map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
      for (const name of names) expect(name).toMatch(/^[a-z0-9]+(_[a-z0-9]+)*$/);
    }
  });
});
