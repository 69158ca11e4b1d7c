import { describe, expect, it } from 'vitest';
import { commonPrefix, completionAt, helpAt } from './completion.ts';

const labels = (source: string, sample?: unknown): string[] =>
  completionAt(source, source.length, sample).candidates.map(({ label }) => label);

describe('completion', () => {
  it('offers methods after a point, functions elsewhere', () => {
    expect(labels('root = this.name.has_')).toEqual(['has_prefix', 'has_suffix']);
    expect(labels('root = batch_')).toEqual(['batch_index', 'batch_size']);
  });

  it('offers the fields of the sample first', () => {
    const sample = { user: { name: 'Ada', 'e mail': 'x' } };
    expect(labels('root = this.us', sample)).toEqual(['user']);
    expect(labels('root = this.user.', sample).slice(0, 2)).toEqual(['"e mail"', 'name']);
    expect(labels('root = this.__proto__.', sample)).not.toContain('constructor');
  });

  it.each(['root = "this.na', '# this.na', 'root = """this.na', 'root = $na', 'root = @na', 'root = '])(
    'offers nothing at the end of %j',
    (source) => {
      expect(labels(source, { name: 1 })).toEqual([]);
    },
  );

  it('goes on after a text or a comment has ended', () => {
    expect(labels('root = "a # b".uppercas')).toEqual(['uppercase']);
    expect(labels('# "quoted\nroot = this.lowercas')).toEqual(['lowercase']);
  });

  it('closes the brackets of what takes no arguments', () => {
    expect(completionAt('root = this.uppercas', 20, {})).toEqual({ start: 12, candidates: [{ text: 'uppercase()', label: 'uppercase' }] });
  });

  it('finds what all candidates begin with', () => {
    expect(commonPrefix(completionAt('this.has_', 9, {}).candidates)).toBe('has_');
    expect(commonPrefix([])).toBe('');
  });
});

describe('the help line', () => {
  const help = (source: string): string | undefined => helpAt(source, source.length)?.split(' — ')[0];

  it('tells of the call one is in', () => {
    expect(help('root = this.a.replace_all("x", ')).toBe('replace_all(old: string, new: string)');
    expect(help('root = this.a.map_each(x -> x.slice((1 + ')).toBe('slice(low: integer, [high: integer])');
    expect(help('root = this.a.slice(1).map_each(')).toBe('map_each(query: query)');
    expect(help('root = this.a.slice(")" + ')).toBe('slice(low: integer, [high: integer])');
  });

  it('tells of the name one has just written, and of nothing where there is none', () => {
    expect(help('root = this.a.uppercase')).toBe('uppercase()');
    expect(help('root = this.a')).toBeUndefined();
  });
});
