// biome-ignore-all lint/suspicious/noTemplateCurlyInString: interpolated strings are what a Benthos file holds
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { runText } from './testing/rig.ts';

/** What a pipeline answers at `path` once all of its `text` that begins so is there. */
async function answered(config: (port: number) => string, { path = '/metrics', until = 'X', accept = '' } = {}): Promise<string> {
  const port = await freePort();
  const stop = new AbortController();
  const running = runText(config(port), { stop: stop.signal });
  try {
    for (;;) {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { accept } }).catch(() => undefined);
      const text = await response?.text();
      if (text !== undefined && (response?.status !== 200 || text.includes(until))) return `${response!.status} ${text}`;
      await new Promise((resolve) => setImmediate(resolve));
    }
  } finally {
    stop.abort();
    await running;
  }
}

/** Two messages of a batch, and an input that never ends. */
const INPUT = (port: number) =>
  `http: {address: '127.0.0.1:${port}'}\ninput: {label: in, broker: {inputs: [{inproc: never}, {label: made, generate: {count: 2, batch_size: 2, interval: '', mapping: 'root = "a"'}}]}}\n`;
const LAST = 'output_batch_sent{label="out",path="root.output"} 1';

describe('metrics of a pipeline', () => {
  it('have the names and labels of Benthos', async () => {
    const processors = `[{label: fails, mapping: 'root = if batch_index() == 1 { throw("no") }'}, {try: [{label: inner, mapping: root = content()}]}]`;
    const config = (port: number) => `${INPUT(port)}pipeline: {processors: ${processors}}\noutput: {label: out, drop: {}}\n`;
    const made = 'label="made",path="root.input.broker.inputs.1"';
    // The input learns last of all that its messages were delivered.
    const text = await answered(config, { until: `input_latency_ns_count{${made}} 1` });
    for (const line of [
      `input_connection_up{${made}} 1`,
      `input_connection_lost{${made}} 0`,
      `input_received{${made}} 2`,
      `input_latency_ns_count{${made}} 1`,
      'processor_received{label="fails",path="root.pipeline.processors.0"} 2',
      'processor_batch_received{label="fails",path="root.pipeline.processors.0"} 1',
      'processor_sent{label="fails",path="root.pipeline.processors.0"} 2',
      'processor_error{label="fails",path="root.pipeline.processors.0"} 1',
      'processor_error{label="",path="root.pipeline.processors.1"} 0',
      'processor_received{label="inner",path="root.pipeline.processors.1.try.0"} 1',
      'output_connection_up{label="out",path="root.output"} 1',
      'output_sent{label="out",path="root.output"} 2',
      'output_error{label="out",path="root.output"} 0',
      'output_latency_ns_count{label="out",path="root.output"} 1',
    ])
      expect(text).toContain(`${line}\n`);
    expect(text).not.toContain('sluice_');
    expect(text).not.toContain('label="in"');
  });

  it('tell what an output refused, and what made a batch leave', async () => {
    const output = `{fallback: [{label: no, reject: no}, {label: out, drop: {}, processors: [{noop: {}}]}]}`;
    const batched = `input: {batched: {child: {inproc: x}, policy: {count: 2}}}`;
    const text = await answered((port) => `${INPUT(port)}output: ${output}\n`, {
      until: 'output_sent{label="out",path="root.output.fallback.1"} 2',
    });
    expect(text).toContain('output_error{label="no",path="root.output.fallback.0"} 1\n');
    expect(text).toContain('output_sent{label="no",path="root.output.fallback.0"} 0\n');
    const generate = INPUT(0).split('\n')[1]!.replace('input: ', '').replace('batch_size: 2', 'batch_size: 1');
    const batches = await answered(
      (port) => `http: {address: '127.0.0.1:${port}'}\n${batched.replace('{inproc: x}', generate)}\noutput: {label: out, drop: {}}\n`,
      {
        until: LAST,
      },
    );
    expect(batches).toContain('batch_created{label="",path="root.input.batching",mechanism="count"} 1');
  });

  it('count what buffers, caches and rate limits do', async () => {
    const resources =
      'buffer: {memory: {}}\ncache_resources: [{label: c, memory: {}}, {label: d, lru: {}}, {label: two, multilevel: [c, d]}]\nrate_limit_resources: [{label: r, local: {count: 1, interval: 1ns}}]\n';
    const add = '{cache: {resource: c, operator: add, key: same, value: x}}';
    const get = '{cache: {resource: two, operator: get, key: other}}';
    const processors = `pipeline: {processors: [${add}, ${get}, {rate_limit: {resource: r}}]}\n`;
    const text = await answered((port) => `${INPUT(port)}${resources}${processors}output: {label: out, drop: {}}\n`, {
      until: 'buffer_latency_ns_count{label="",path="root.buffer"} 1',
    });
    const [ofC, ofTwo] = ['label="c",path="root.cache_resources"', 'label="two",path="root.cache_resources"'];
    for (const line of [
      'buffer_received{label="",path="root.buffer"} 2',
      'buffer_batch_sent{label="",path="root.buffer"} 1',
      'buffer_latency_ns_count{label="",path="root.buffer"} 1',
      `cache_success{${ofC},operation="add"} 1`,
      `cache_duplicate{${ofC},operation="add"} 1`,
      `cache_not_found{${ofC},operation="get"} 2`,
      `cache_not_found{${ofTwo},operation="get"} 2`,
      `cache_error{${ofTwo},operation="set"} 0`,
      `cache_latency_ns_count{${ofC},operation="add"} 2`,
      'rate_limit_error{label="r",path="root.rate_limit_resources"} 0',
    ])
      expect(text).toContain(`${line}\n`);
    expect(text).toMatch(/^rate_limit_checked\{.*\} [2-9]/m);
  });

  it('count what processors count', async () => {
    const metric = `{metric: {type: counter_by, name: ids, value: '\${! batch_index() }', labels: {kind: x}}}`;
    const config = (port: number) => `${INPUT(port)}pipeline: {processors: [${metric}, {benchmark: {}}]}\noutput: {label: out, drop: {}}\n`;
    const text = await answered(config, { until: LAST, path: '/benthos/stats' });
    expect(text).toMatch(/^ids\{.*kind="x".*\} 1$/m);
    expect(text).toMatch(/^benchmark_messages_total\{.*\} 2$/m);
  });

  it('come as OpenMetrics on demand', async () => {
    const text = await answered((port) => `${INPUT(port)}output: {label: out, drop: {}}\n`, {
      until: LAST,
      accept: 'application/openmetrics-text',
    });
    expect(text).toMatch(/# EOF\n$/);
  });

  it('are not served where the file wants none', async () => {
    const text = await answered((port) => `${INPUT(port)}metrics: {none: {}}\noutput: {drop: {}}\n`);
    expect(text).toBe('404 404 page not found\n');
  });

  it('have names that Prometheus knows, served or not', async () => {
    const text = `input: {stdin: {}}\npipeline: {processors: [{metric: {type: counter, name: a-b}}]}\n`;
    await expect(runText(text)).rejects.toThrow('expected a metric name of letters');
  });
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { readonly port: number };
      server.close(() => resolve(port));
    });
  });
}
