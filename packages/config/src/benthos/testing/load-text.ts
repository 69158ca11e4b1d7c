import { compileConfig } from '../../load-config.ts';

/** A valid output with one more field of `aws_kinesis`, on line 5. */
export const output = (field: string) =>
  `output:\n  aws_kinesis:\n    stream: out\n    partition_key: k\n${field === '' ? '' : `    ${field}\n`}`;

/** Compiles a Benthos file; `texts` are its problems, a line each. */
export function load(text: string, options: { chilled?: boolean; overrides?: readonly string[] } = {}) {
  const { config, problems } = compileConfig([{ name: 'b.yaml', text }], { env: {}, ...options });
  return {
    config,
    problems,
    texts: problems.map(({ severity, code, line, column, message }) => `${severity} ${code} ${line}:${column} ${message}`),
  };
}
