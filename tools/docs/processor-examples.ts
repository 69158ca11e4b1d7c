// Long: one entry for each processor, and nothing to tell them apart by.
/** Examples of the reference of processors; a test runs each of them. */
export interface ProcessorExample {
  readonly says?: string;
  /** Why `sluice lint` refuses it alone. */
  readonly noLint?: string;
  /** What stands below `pipeline.processors`, and other root sections. */
  readonly config: string;
  /** The records of one batch. */
  readonly input: readonly string[];
  /** The batches that come out; a record whose processing failed is `[data, error]`. */
  readonly output: ReadonlyArray<ReadonlyArray<string | readonly [data: string, error: string]>>;
}

const processors = (text: string): string => `pipeline:\n  processors:\n${text.trim().replaceAll(/^/gm, '    ')}\n`;

const AVRO_SCHEMA = '{"type":"record","name":"order","fields":[{"name":"id","type":"long"},{"name":"note","type":["null","string"]}]}';

export const PROCESSOR_EXAMPLES: Readonly<Record<string, ProcessorExample>> = {
  mapping: {
    says: 'What the mapping does not assign is not in the new record.',
    config: processors('- mapping: |\n    root.id = this.id\n    root.name = this.name.uppercase()'),
    input: ['{"id":1,"name":"Ada","age":36}'],
    output: [['{"id":1,"name":"ADA"}']],
  },
  bloblang: {
    config: processors('- bloblang: root.id = this.id.string()'),
    input: ['{"id":1}'],
    output: [['{"id":"1"}']],
  },
  mutation: {
    says: 'What the mutation does not assign stays as it is.',
    config: processors('- mutation: |\n    root.name = this.name.uppercase()\n    root.age = deleted()'),
    input: ['{"id":1,"name":"Ada","age":36}'],
    output: [['{"id":1,"name":"ADA"}']],
  },
  archive: {
    config: processors('- archive:\n    format: json_array'),
    input: ['{"id":1}', '{"id":2}', '{"id":3}'],
    output: [['[{"id":1},{"id":2},{"id":3}]']],
  },
  unarchive: {
    config: processors('- unarchive:\n    format: csv'),
    input: ['id,name\n1,Ada\n2,Grace'],
    output: [['{"id":"1","name":"Ada"}', '{"id":"2","name":"Grace"}']],
  },
  compress: {
    says: 'Compressed and decompressed again, so that something can be shown.',
    config: processors('- compress:\n    algorithm: zstd\n- decompress:\n    algorithm: zstd'),
    input: ['hello hello hello'],
    output: [['hello hello hello']],
  },
  decompress: {
    says: 'A record that cannot be decompressed is flagged and goes on as it is.',
    config: processors('- decompress:\n    algorithm: gzip'),
    input: ['not compressed'],
    output: [[['not compressed', 'gzip: invalid header']]],
  },
  split: {
    config: processors('- split:\n    size: 2\n- archive:\n    format: lines'),
    input: ['a', 'b', 'c'],
    output: [['a\nb'], ['c']],
  },
  select_parts: {
    config: processors('- select_parts:\n    parts: [0, -1]'),
    input: ['a', 'b', 'c', 'd'],
    output: [['a', 'd']],
  },
  insert_part: {
    config: processors('- insert_part:\n    index: 0\n    content: ${! batch_size() } records follow'),
    input: ['a', 'b'],
    output: [['2 records follow', 'a', 'b']],
  },
  bounds_check: {
    says: 'A record that is too small drops its whole batch; put `for_each` around it to drop that record alone.',
    config: processors('- for_each:\n    - bounds_check:\n        min_part_size: 2'),
    input: ['a', 'bb', 'ccc'],
    output: [['bb', 'ccc']],
  },
  group_by_value: {
    config: processors('- group_by_value:\n    value: ${! json("country") }\n- archive:\n    format: json_array'),
    input: ['{"id":1,"country":"FR"}', '{"id":2,"country":"PE"}', '{"id":3,"country":"FR"}'],
    output: [['[{"country":"FR","id":1},{"country":"FR","id":3}]'], ['[{"country":"PE","id":2}]']],
  },
  group_by: {
    config: processors(
      '- group_by:\n    - check: this.urgent\n      processors:\n        - mutation: root.lane = "fast"\n- archive:\n    format: json_array',
    ),
    input: ['{"id":1,"urgent":true}', '{"id":2,"urgent":false}', '{"id":3,"urgent":true}'],
    output: [['[{"id":1,"lane":"fast","urgent":true},{"id":3,"lane":"fast","urgent":true}]'], ['[{"id":2,"urgent":false}]']],
  },
  processors: {
    config: processors(
      '- processors:\n    - mapping: root = content().string().trim()\n    - mapping: root = content().string().uppercase()',
    ),
    input: [' ada '],
    output: [['ADA']],
  },
  for_each: {
    says: 'Each record is a batch of its own here, so `archive` makes one array of each.',
    config: processors('- for_each:\n    - archive:\n        format: json_array'),
    input: ['{"id":1}', '{"id":2}'],
    output: [['[{"id":1}]', '[{"id":2}]']],
  },
  try: {
    says: 'The second record fails at the first step and skips the others.',
    config: processors('- try:\n    - mapping: root.n = this.n.number()\n    - mutation: root.double = this.n * 2'),
    input: ['{"n":"2"}', '{"n":"two"}'],
    output: [
      [
        '{"double":4,"n":2}',
        ['{"n":"two"}', 'failed assignment (line 1): field `this.n`: strconv.ParseFloat: parsing "two": invalid syntax'],
      ],
    ],
  },
  catch: {
    config: processors(
      '- mapping: root.n = this.n.number()\n- catch:\n    - mapping: |\n        root.raw = content().string()\n        root.failed = true',
    ),
    input: ['{"n":"2"}', '{"n":"two"}'],
    output: [['{"n":2}', '{"failed":true,"raw":"{\\"n\\":\\"two\\"}"}']],
  },
  try_catch: {
    config: processors(
      '- try_catch:\n    processors:\n      - mapping: root.n = this.n.number()\n    catch:\n      - mutation: root.step = @error.name',
    ),
    input: ['{"n":"2"}', '{"n":"two"}'],
    output: [['{"n":2}', '{"n":"two","step":"mapping"}']],
  },
  parallel: {
    config: processors('- parallel:\n    processors:\n      - mapping: root = content().string().uppercase()'),
    input: ['a', 'b'],
    output: [['A', 'B']],
  },
  branch: {
    says: 'The branch computes from a part of the record and puts its result into it; the rest stays.',
    config: processors(
      '- branch:\n    request_map: root = this.text\n    processors:\n      - mapping: root = content().string().split(" ").length()\n    result_map: root.words = this',
    ),
    input: ['{"id":1,"text":"to be or not"}'],
    output: [['{"id":1,"text":"to be or not","words":4}']],
  },
  workflow: {
    says: '`b` reads what `a` writes, so it runs after it.',
    config: processors(
      [
        '- workflow:',
        '    meta_path: ""',
        '    branches:',
        '      a:',
        '        request_map: root = this.price',
        '        processors: [{ mapping: root = this * 2 }]',
        '        result_map: root.double = this',
        '      b:',
        '        request_map: root = this.double',
        '        processors: [{ mapping: root = this + 1 }]',
        '        result_map: root.sum = this',
      ].join('\n'),
    ),
    input: ['{"price":3}'],
    output: [['{"double":6,"price":3,"sum":7}']],
  },
  while: {
    config: processors('- while:\n    check: this.n < 100\n    processors:\n      - mapping: root.n = this.n * 3'),
    input: ['{"n":5}'],
    output: [['{"n":135}']],
  },
  switch: {
    config: processors(
      '- switch:\n    - check: this.kind == "click"\n      processors:\n        - mutation: root.weight = 1\n    - processors:\n        - mutation: root.weight = 0',
    ),
    input: ['{"kind":"click"}', '{"kind":"view"}'],
    output: [['{"kind":"click","weight":1}', '{"kind":"view","weight":0}']],
  },
  http: {
    says: 'The server cannot be reached here, so the record is flagged; with `branch` around it, an answer becomes a part of the record.',
    config: processors('- http:\n    url: http://127.0.0.1:1/names\n    retries: 0'),
    input: ['{"id":1}'],
    output: [
      [['{"id":1}', 'http://127.0.0.1:1/names: Post "http://127.0.0.1:1/names": dial tcp 127.0.0.1:1: connect: connection refused']],
    ],
  },
  command: {
    says: 'Runs with `sluice.commands.allowed: [tr]` among the settings of Sluice. No shell is involved, so nothing in an argument is special.',
    noLint: 'needs-a-setting',
    config: processors('- command:\n    name: tr\n    args_mapping: \'root = ["a-z", "A-Z"]\''),
    input: ['hello'],
    output: [['HELLO']],
  },
  subprocess: {
    says: 'Runs with `sluice.commands.allowed: [sed]`. The program must answer each line at once, hence `-u`.',
    noLint: 'needs-a-setting',
    config: processors('- subprocess:\n    name: sed\n    args: [-u, "s/hello/good bye/"]'),
    input: ['hello', 'hello again'],
    output: [['good bye', 'good bye again']],
  },
  sleep: {
    says: 'Each record waits in its turn, so this limits a batch of 100 to 100 records a second.',
    config: processors('- sleep:\n    duration: 10ms'),
    input: ['a'],
    output: [['a']],
  },
  retry: {
    says: 'A record whose processing still fails after the last attempt goes on, flagged.',
    config: processors(
      '- retry:\n    max_retries: 3\n    backoff:\n      initial_interval: 1ms\n    processors:\n      - mapping: root = if @retry_count < 2 { throw("not yet") } else { "done after " + @retry_count.string() }',
    ),
    input: ['a'],
    output: [['done after 2']],
  },
  rate_limit: {
    config: `${processors('- rate_limit:\n    resource: api')}rate_limit_resources:
  - label: api
    local:
      count: 50
      interval: 1s
`,
    input: ['a', 'b'],
    output: [['a', 'b']],
  },
  cache: {
    says: 'A record whose key the cache does not have fails, which `catch` answers here.',
    config: `${processors('- cache:\n    resource: names\n    operator: get\n    key: ${! json("id") }\n- catch:\n    - mapping: root = "unknown"')}cache_resources:
  - label: names
    memory:
      init_values: { "1": Ada }
`,
    input: ['{"id":1}', '{"id":2}'],
    output: [['Ada', 'unknown']],
  },
  cached: {
    says: 'The second record with a key takes the result of the first.',
    config: `${processors('- cached:\n    cache: results\n    key: ${! json("id") }\n    processors:\n      - mapping: root = this.text.uppercase()')}cache_resources:
  - label: results
    lru:
      cap: 100
`,
    input: ['{"id":1,"text":"a"}', '{"id":1,"text":"b"}'],
    output: [['A', 'A']],
  },
  dedupe: {
    config: `${processors('- dedupe:\n    cache: seen\n    key: ${! json("id") }')}cache_resources:
  - label: seen
    memory:
      default_ttl: 1h
`,
    input: ['{"id":1}', '{"id":2}', '{"id":1}'],
    output: [['{"id":1}', '{"id":2}']],
  },
  avro: {
    says: 'A document that does not fit the schema is flagged and goes on as it is.',
    config: processors(
      `- avro:\n    operator: from_json\n    encoding: binary\n    schema: '${AVRO_SCHEMA}'\n- avro:\n    operator: to_json\n    encoding: binary\n    schema: '${AVRO_SCHEMA}'`,
    ),
    input: ['{"id":1,"note":{"string":"new"}}'],
    output: [['{"id":1,"note":{"string":"new"}}']],
  },
  glue_schema_registry_decode: {
    says: 'The original has no such processor. A record without the header is flagged and goes on as it is. So is one whose schema cannot be had: after four attempts where AWS Glue throttles or does not answer, at once where it refuses or no region is found; put `retry` around the processor to wait longer. It needs the permission `glue:GetSchemaVersion`.',
    config: processors('- glue_schema_registry_decode:\n    region: eu-west-1'),
    input: ['{"id":1,"note":"longer"}'],
    output: [[['{"id":1,"note":"longer"}', 'expected 3 as the version of the header, found 123']]],
  },
  protobuf: {
    says: 'The folder `examples/protobuf` has the file `shop/order.proto`, whose message `shop.Order` has the fields `order_id` and `placed_at`.',
    config: processors(
      ['from_json', 'to_json']
        .map((operator) => `- protobuf:\n    operator: ${operator}\n    message: shop.Order\n    import_paths: [examples/protobuf]`)
        .join('\n'),
    ),
    input: ['{"order_id":1,"placed_at":"2026-11-30T12:00:00Z"}'],
    output: [['{"orderId":"1","placedAt":"2026-11-30T12:00:00Z"}']],
  },
  schema_registry_decode: {
    says: 'A record without the header is flagged and goes on as it is. So is one whose schema cannot be had in four attempts; put `retry` around the processor to wait for the registry longer.',
    config: processors('- schema_registry_decode:\n    url: http://127.0.0.1:8081'),
    input: ['{"id":1}'],
    output: [[['{"id":1}', 'serialization format version number 123 not supported']]],
  },
  json_schema: {
    config: processors('- json_schema:\n    schema: \'{"type":"object","required":["id"]}\''),
    input: ['{"id":1}', '{}'],
    output: [['{"id":1}', ['{}', '(root) id is required']]],
  },
  log: {
    says: 'The records pass unchanged.',
    config: processors('- log:\n    level: DEBUG\n    message: got ${! json("id") }'),
    input: ['{"id":1}'],
    output: [['{"id":1}']],
  },
  jq: {
    config: processors("- jq:\n    query: '{id, total: [.items[] | .price * .count] | add}'"),
    input: ['{"id":7,"items":[{"price":2.5,"count":2},{"price":1,"count":3}]}'],
    output: [['{"id":7,"total":8}']],
  },
  jmespath: {
    config: processors("- jmespath:\n    query: \"locations[?state == 'WA'].name | sort(@) | {Cities: join(', ', @)}\""),
    input: ['{"locations":[{"name":"Seattle","state":"WA"},{"name":"New York","state":"NY"},{"name":"Bellevue","state":"WA"}]}'],
    output: [['{"Cities":"Bellevue, Seattle"}']],
  },
  grok: {
    config: processors("- grok:\n    expressions: ['%{WORD:verb} %{NOTSPACE:path} %{INT:status:int}']"),
    input: ['GET /orders 200', '?'],
    output: [['{"path":"/orders","status":200,"verb":"GET"}', ['?', 'no pattern matches found']]],
  },
  parse_log: {
    config: processors('- parse_log:\n    format: syslog_rfc3164\n    default_year: "2026"'),
    input: ['<28>Dec  2 16:49:23 host app[23410]: Test'],
    output: [
      [
        '{"appname":"app","facility":3,"hostname":"host","message":"Test","priority":28,"procid":"23410","severity":4,"timestamp":"2026-12-02T16:49:23Z"}',
      ],
    ],
  },
  metric: {
    says: 'The records pass unchanged; the metric counts them by their type, at `/metrics`.',
    config: processors('- metric:\n    type: counter\n    name: orders\n    labels:\n      type: ${! json("type").or("unknown") }'),
    input: ['{"type":"book"}'],
    output: [['{"type":"book"}']],
  },
  benchmark: {
    says: 'The records pass unchanged.',
    config: processors('- benchmark:\n    interval: 10s'),
    input: ['a'],
    output: [['a']],
  },
  sync_response: {
    says: 'The records pass unchanged. Records that come from Kinesis are answered by nobody.',
    config: processors('- sync_response: {}'),
    input: ['a'],
    output: [['a']],
  },
  crash: {
    says: 'Ends the process at a record that must never be there, and only then.',
    config: processors(
      '- switch:\n    - check: this.version > 1\n      processors:\n        - crash: expected version 1, found ${! json("version") }',
    ),
    input: ['{"version":1}'],
    output: [['{"version":1}']],
  },
  noop: { config: processors('- noop: {}'), input: ['a'], output: [['a']] },
  resource: {
    config: `${processors('- resource: shout')}processor_resources:\n  - label: shout\n    mapping: root = content().string().uppercase()\n`,
    input: ['ada'],
    output: [['ADA']],
  },
};
