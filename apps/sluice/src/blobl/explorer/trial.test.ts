import { describe, expect, it } from 'vitest';
import { tryMapping } from './trial.ts';

const trialOf = (mapping: string, sample = '{"a":1.0}', isRaw = false) => tryMapping({ mapping, sample, file: undefined, isRaw });

describe('tryMapping', () => {
  it('shows the new message, and its metadata if it has any', () => {
    expect(trialOf('root = this\nmeta k = this.a')).toEqual({ kind: 'mapped', text: '{\n  "a": 1.0\n}\n\nmetadata {\n  "k": 1.0\n}' });
  });

  it('tells of a message that is dropped, of one that fails, and of a mapping that is none', () => {
    expect(trialOf('root = deleted()')).toEqual({ kind: 'dropped', text: 'the message is dropped' });
    expect(trialOf('root = throw("no")')).toEqual({ kind: 'failed', text: 'failed assignment (line 1): no' });
    expect(trialOf('root = +')).toEqual({ kind: 'unparsed', text: 'line 1 char 8: expected query\n  |\n1 | root = +\n  |        ^---' });
    expect(trialOf(' ').kind).toBe('empty');
  });

  it('takes the sample as bytes when asked to', () => {
    expect(trialOf('root = this.string()', '<a>', true)).toEqual({ kind: 'mapped', text: '<a>' });
  });

  it('fails on what JSON has no words for', () => {
    expect(trialOf('root.n = "NaN".number()')).toEqual({ kind: 'failed', text: 'json: unsupported value: NaN' });
    expect(trialOf('meta k = "NaN".number()')).toEqual({ kind: 'failed', text: 'json: unsupported value: NaN' });
  });
});
