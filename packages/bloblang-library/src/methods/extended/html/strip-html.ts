import { defineMethod } from '@sluice/bloblang';
import { textOfHtml } from '@sluice/codecs';
import { BloblangError, goTypeName, isArray, type Value } from '@sluice/values';

function namesOf(preserve: Value | undefined): ReadonlySet<string> {
  if (preserve === undefined || !isArray(preserve)) return new Set();
  return new Set(
    preserve.map((name, index) => {
      if (typeof name === 'string') return name.toLowerCase();
      throw new BloblangError(`invalid arg at index ${index}: expected string, got ${goTypeName(name)}`);
    }),
  );
}

export const stripHtml = defineMethod('strip_html', {
  category: 'String Manipulation',
  status: 'stable',
  isPlugin: true,
  receiver: 'string',
  description:
    'The text of an HTML document or fragment, still escaped so that it can be put into HTML. Scripts, styles, frames and titles go away with ' +
    'what is in them. Elements can be kept, without their attributes.',
  parameters: [{ name: 'preserve', type: 'any', optional: true, description: 'The names of elements to keep, as an array.' }],
  examples: [
    {
      mapping: 'root.text = this.page.strip_html()',
      input: { page: '<h1>Tea &amp; <i>cake</i></h1><script>steal()</script>' },
      output: { text: 'Tea &amp; cake' },
    },
    {
      mapping: 'root.text = this.page.strip_html(["b"])',
      input: { page: '<p class="x">So <b onclick="y()">bold</b></p>' },
      output: { text: 'So <b>bold</b>' },
    },
  ],
  prepare: ([preserve]) => {
    const kept = namesOf(preserve);
    return (text) => textOfHtml(text, kept);
  },
});
