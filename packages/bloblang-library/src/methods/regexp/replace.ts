import { defineMethod } from '@sluice/bloblang';
import { checkLength } from '@sluice/values';
import { textOf } from '../string/text.ts';
import { compilePattern } from './compile-pattern.ts';
import { forEachMatch, groupKeys } from './pattern.ts';
import { parseTemplate } from './template.ts';

const replaceMethod = (name: string, status: 'stable' | 'hidden') =>
  defineMethod(name, {
    category: 'Regular Expressions',
    status,
    description:
      'The text with every match of a regular expression replaced. In the replacement `$1` or `${name}` stands for a group; the name is as ' +
      'long as it can be, so `$1x` is the group `1x`; `$$` is a dollar sign.',
    parameters: [
      { name: 'pattern', type: 'string', description: 'The regular expression, in RE2 syntax.' },
      { name: 'value', type: 'string', description: 'The replacement.' },
    ],
    examples: [
      { mapping: `root.t = this.t.${name}("ADD ([0-9]+)", "+($1)")`, input: { t: 'foo ADD 70' }, output: { t: 'foo +(70)' } },
      {
        mapping: `root.t = this.t.${name}("(?P<first>\\\\w)\\\\w*@", "\${first}***@")`,
        input: { t: 'ada@x.org' },
        output: { t: 'a***@x.org' },
      },
    ],
    prepare: ([source, replacement]) => {
      const pattern = compilePattern(source);
      const template = parseTemplate(replacement, groupKeys(pattern));
      return (value) => {
        const text = textOf(value);
        let replaced = '';
        let copied = 0;
        forEachMatch(pattern, text, (matcher) => {
          replaced += text.slice(copied, matcher.start());
          for (const part of template) {
            replaced += typeof part === 'string' ? part : (matcher.group(part.group) ?? '');
            checkLength(replaced.length);
          }
          copied = matcher.end();
        });
        return replaced + text.slice(copied);
      };
    },
  });

export const reReplaceAll = replaceMethod('re_replace_all', 'stable');
export const reReplace = replaceMethod('re_replace', 'hidden');
