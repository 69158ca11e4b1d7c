import { globSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');

/** Where settings are described; what reads them is anything else that is no test. */
const MODEL = [...globSync('packages/config/src/model/*.ts', { cwd: ROOT }), 'packages/credentials/src/aws-settings.ts'].filter(
  (file) => !/draft/.test(basename(file)),
);
const READERS = globSync(['apps/*/src/**/*.ts', 'packages/*/src/**/*.ts'], { cwd: ROOT }).filter(
  (file) =>
    !/\.(test|bench|conformance)\.ts$|\/testing\/|^packages\/(config|kinesis-emulator|testkit)\//.test(file) && !MODEL.includes(file),
);

/** Not read by a worker, and why that is no setting without effect. */
const EXEMPT: Readonly<Record<string, string>> = {
  connectorProperties: 'what the connector of the original would get; the conformance runner compares it',
  clusterNodes: 'refused when it is loaded',
  madeBy: 'no setting: a part of the messages about one',
  aggregate: 'laid over the limits of each egress when it is loaded',
  maxWaitMs: 'becomes how long the writer of an egress waits when it is loaded',
};

/** How a field with a common name is read; the name alone would be found anywhere. */
const READ_AS: Readonly<Record<string, RegExp>> = {
  format: /createOutlets|format = 'auto'/,
  level: /wanted\.level\b/,
  connectTimeoutMs: /redis\.connectTimeoutMs/,
  prefix: /redis\.prefix\b/,
  host: /\bsettings\.host\b|\{ host, ports/,
};

/** A setting that nothing reads is accepted in silence. A new field of the model is read, or is left out with a warning. */
describe('every field of the configuration', () => {
  const source = READERS.map((file) => withoutComments(readFileSync(join(ROOT, file), 'utf8'))).join('\n');
  const fields = MODEL.flatMap((file) =>
    [...readFileSync(join(ROOT, file), 'utf8').matchAll(/readonly (\w+)\??:/g)].map(([, name]) => ({ name: name!, file })),
  );

  it.each(fields)('$name of $file is read', ({ name }) => {
    if (name in EXEMPT) return;
    const isRead = READ_AS[name] ?? new RegExp(`\\.${name}\\b|[{,(]\\s*${name}\\b\\s*[,:}=]`);
    expect(isRead.test(source)).toBe(true);
  });

  it('is exempt only while nothing reads it', () => {
    const names = new Set(fields.map(({ name }) => name));
    expect(Object.keys(EXEMPT).filter((name) => !names.has(name))).toEqual([]);
  });
});

const withoutComments = (text: string): string => text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
