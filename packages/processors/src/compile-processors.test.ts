import { describe, expect, it } from 'vitest';
import { compileProcessors } from './compile-processors.ts';
import { mappingOf, messageOf, run, step, text, told } from './testing/chain.ts';

describe('a chain of processors', () => {
  it('without any passes a batch as it is', () => {
    expect(told([], ['a', 'b'])).toEqual(['a <- 0', 'b <- 1']);
    expect(told([], [])).toEqual([]);
  });

  it('runs each processor over what the one before left', () => {
    const steps = [step('unarchive', { format: 'lines' }), mappingOf('root = content().uppercase()'), step('archive', { format: 'lines' })];
    expect(told(steps, ['a\nb', 'c'])).toEqual(['A\nB\nC <- 0,1']);
  });

  it('does not go on with a batch that is empty', () => {
    expect(told([mappingOf('root = deleted()'), step('insert_part', { index: 0, content: text('x') })], ['a'])).toEqual([]);
  });

  it('passes a failure on that a message came with', () => {
    expect(run([step('noop')], [{ ...messageOf('a'), failure: { message: 'before' } }])).toEqual([
      { message: { ...messageOf('a'), failure: { message: 'before' } }, sources: [0] },
    ]);
  });

  it('leaves out whatever else the object of a message holds', () => {
    class Holder {
      readonly owner = 'somebody';
      get content() {
        return Buffer.from('a');
      }
      get metadata() {
        return { k: 'v' };
      }
    }
    expect(run([mappingOf('root = this')], [new Holder()])[0]).toMatchObject({ message: { metadata: { k: 'v' } }, sources: [0] });
    expect(Object.keys(run([], [new Holder()])[0]!.message)).toEqual(['content', 'metadata']);
  });

  it('refuses at the start what can never run, with its place', () => {
    const compile = (type: string, options = {}) =>
      compileProcessors([step(type, options)], { logger: console, clock: Date, refusesFailed: false } as never);
    expect(() => compile('teleport')).toThrow(/^test\.yaml\(3,7\) `root\.teleport`: Sluice has no processor `teleport`; it has archive, /);
    expect(() => compile('mapping', { mapping: text('root = ') })).toThrow(
      /^test\.yaml\(3,7\) `root\.mapping`: bad Bloblang: line 1 char 8: expected query/,
    );
    expect(() => compile('archive', { format: 'rar' })).toThrow('test.yaml(3,7) `root.archive`: Sluice has no archive format `rar`');
    expect(() => compile('unarchive', { format: 'csv:ab' })).toThrow('Sluice has no unarchive format `csv:ab`');
    expect(() => compile('compress', { algorithm: 'bzip2', level: -1 })).toThrow('compression type not recognised: bzip2');
    expect(() => compile('try', { processors: [step('teleport')] })).toThrow('Sluice has no processor `teleport`');
  });
});
