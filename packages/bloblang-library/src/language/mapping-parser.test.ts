import { BloblangParseError, ImportError, type Importer, renderParseError } from '@sluice/bloblang';
import { describe, expect, it } from 'vitest';
import { parseMapping } from '../parse.ts';

describe('parseMapping', () => {
  it.each([
    ['', 'line 1 char 1: expected import, map, or assignment'],
    ['# only a comment\n', 'line 2 char 1: expected import, map, or assignment'],
    ['root = ', 'line 1 char 8: expected query'],
    ['root.foo = this.', 'line 1 char 17: required: expected method or field path'],
    ['root.a=1', 'line 1 char 7: expected whitespace'],
    ['root = 1 # no line break', 'line 1 char 25: expected line break'],
    ['root = [1, 2', 'line 1 char 13: expected query'],
    ['root = {"a" 1}', 'line 1 char 13: expected query'],
    ['root = (1', 'line 1 char 10: required: expected closing bracket'],
    ['root = "open', 'line 1 char 13: required: expected end quote'],
    ['root = """open', 'line 1 char 15: required: expected end triple-quote'],
    [String.raw`root = "\/"`, 'line 1 char 8: failed to unescape quoted string contents: invalid syntax'],
    ['root = {1: 2}', 'line 1 char 8: object keys must be strings, received: int64'],
    ['root = deleted(', 'line 1 char 16: required: expected function argument'],
    ['root = deleted(1 2)', 'line 1 char 18: required: expected comma or closing bracket'],
    ['root = nope()', "line 1 char 14: unrecognised function 'nope'"],
    ['root = this.nope()', "line 1 char 19: unrecognised method 'nope'"],
    ['root = this.ceil(1)', 'line 1 char 20: wrong number of arguments, expected 0, got 1'],
    ['root = this.catch()', 'line 1 char 20: missing parameter: fallback'],
    ['root = this.catch(nope: 1)', 'line 1 char 27: unknown parameter nope, did you mean fallback?'],
    ['root = this.catch(fallback: 1, 2)', 'line 1 char 34: cannot mix named and nameless arguments'],
    ['root = if this.a { 1 ', 'line 1 char 22: required: expected }'],
    ['root = match this { 1 = 2 }', 'line 1 char 23: required: expected =>'],
    ['root = this.(a -> a.(a -> a))', 'line 1 char 22: context label `a` would shadow a parent context'],
    ['root = this.(this -> 1)', 'line 1 char 14: context label `this` is not allowed'],
    ['root = this.(a -> b -> b)', "line 1 char 14: it would be in poor taste to capture the same context under both 'a' and 'b'"],
    ['map a {\n  meta x = 1\n}', 'line 2 char 3: setting meta fields is not allowed within this block'],
    ['map = 5', 'line 1 char 5: required: expected map name'],
    ['let = 5', 'line 1 char 5: required: expected variable name'],
    ['import = 5', 'line 1 char 8: required: expected filepath'],
    ['map a { root = 1 }\nmap a { root = 2 }', 'line 2 char 1: map name collision: a'],
    ['if true {\n  let x = 10\n  $x + 5\n}\n', 'line 3 char 3: expected  or assignment'],
    ['trueish = 1\nroot = trueish', 'line 2 char 12: expected line break'],
    [
      'this.foo\nroot = 1',
      'line 2 char 1: expected the mapping to end here as the beginning is shorthand for `root = this.foo`, but this shorthand form cannot be followed with more assignments',
    ],
  ])('refuses %j', (source, message) => {
    expect(failureOf(source)).toBe(message);
  });

  it.each([
    'root.a = this.b',
    '\n  # a comment\n\troot = this # another\r\n\n',
    'this.a.b',
    'iffy = matchbox',
    'root."a b".0.c_d = @."x y".z',
    'let x = 1\nlet "any name" = 2\nmeta foo= $x\nmeta = {}\nmeta "a b" = @',
    'root = this.\n  # over lines\n  a.b +\n  1',
    'root = [\n  1,\n  2,\n]',
    'root = if a { 1 } else if b { 2 }\nelse { 3 }',
    'root = match {\n  this.a => 1, _ => 2,\n}',
    'if true {\n}\nelse {\n  root = 1\n}',
    'root = --5',
    'root = !this.a',
  ])('accepts %j', (source) => {
    expect(failureOf(source)).toBeNull();
  });

  it('counts columns in characters, and lines by their breaks', () => {
    expect(failureOf('root.a = "😀"\nroot.b = "é" +')).toBe('line 2 char 15: expected query');
  });

  it('bounds nesting and chains, so that no source overflows the stack', () => {
    for (const [opening, closing] of [
      ['(', ')'],
      ['[', ']'],
      ['{"a":', '}'],
      ['!(', ')'],
      ['match { ', ' => 1 }'],
      ['if ', ' { 1 }'],
    ] as const) {
      expect(failureOf(`root = ${opening.repeat(20_000)}1${closing.repeat(20_000)}`)).toMatch(/nesting exceeds|expected/);
    }
    expect(failureOf(`root = this${'.a'.repeat(20_000)}`)).toBe('line 1 char 2012: a chain exceeds the maximum length of 1000');
    expect(failureOf(`root = 1${' + this'.repeat(20_000)}`)).toMatch('a chain exceeds the maximum length of 1000');
    expect(failureOf('if true {\n'.repeat(5_000))).toMatch('nesting exceeds the maximum depth of 200');
  });

  it('parses what fails late in a time that does not double with each level', () => {
    expect(failureOf(`root = ${'match { '.repeat(60)}1${' => 1 }'.repeat(59)}`)).not.toBeNull();
  });
});

describe('imports', () => {
  it('brings in the maps of a file and leaves its statements', () => {
    const mapping = parseMapping('import "lib/maps.blobl"\nroot = this', {
      importer: filesOf({ 'lib/maps.blobl': 'map m { root = 1 }\nroot = "lost"' }),
    });

    expect(mapping.evaluate('kept')).toBe('kept');
  });

  it('runs the file named by `from` instead', () => {
    expect(parseMapping('# mine\nfrom "x.blobl"\n', { importer: filesOf({ 'x.blobl': 'root = "theirs"' }) }).evaluate(null)).toBe('theirs');
  });

  it.each([
    ['import "gone.blobl"', 'line 1 char 1: failed to read import: open gone.blobl: no such file or directory'],
    ['import "empty.blobl"', "line 1 char 1: no maps to import from 'empty.blobl'"],
    ['import "bad.blobl"', "line 1 char 1: failed to parse import 'bad.blobl': line 2 char 8: expected query"],
    ['map m { root = 1 }\nimport "maps.blobl"', "line 2 char 1: map name collisions from import 'maps.blobl': [m]"],
    ['from "maps.blobl"\nroot = 1', 'line 1 char 1: unexpected content after single root import: root = 1'],
    ['import "self.blobl"', /imports exceed the maximum depth of 50/],
  ])('refuses %j', (source, message) => {
    const importer = filesOf({
      'empty.blobl': 'root = 1',
      'bad.blobl': '\nroot = ',
      'maps.blobl': 'map m { root = 1 }',
      'self.blobl': 'import "self.blobl"',
    });
    expect(failureOf(source, importer)).toMatch(message);
  });
});

describe('renderParseError', () => {
  it('shows the line and a caret below the place', () => {
    const error = errorOf('root.a = 1\n\troot.b = (this.c')!;

    expect(renderParseError(error, 'x.blobl')).toBe(
      ['x.blobl: line 2 char 18: required: expected closing bracket', '  |', '2 | \troot.b = (this.c', `  | \t${' '.repeat(16)}^---`].join(
        '\n',
      ),
    );
  });
});

function errorOf(source: string, importer?: Importer): BloblangParseError | null {
  try {
    parseMapping(source, importer === undefined ? {} : { importer });
    return null;
  } catch (error) {
    if (error instanceof BloblangParseError) return error;
    throw error;
  }
}

const failureOf = (source: string, importer?: Importer): string | null => errorOf(source, importer)?.message ?? null;

function filesOf(files: Readonly<Record<string, string>>): Importer {
  const importer: Importer = {
    read(path) {
      const text = files[path];
      if (text === undefined) throw new ImportError(`open ${path}: no such file or directory`);
      return { text, importer };
    },
  };
  return importer;
}
