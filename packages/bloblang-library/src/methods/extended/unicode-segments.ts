import { defineMethod } from '@sluice/bloblang';
import { BloblangError, checkElements, toWellFormed } from '@sluice/values';

type Granularity = 'grapheme' | 'word' | 'sentence';

const SEGMENTERS = new Map(
  (['grapheme', 'word', 'sentence'] as const).map((granularity) => [granularity as string, segmenterOf(granularity)]),
);

function segmenterOf(granularity: Granularity): (text: string) => string[] {
  const segmenter = new Intl.Segmenter('und', { granularity });
  const split = (text: string): string[] => Array.from(segmenter.segment(text), ({ segment }) => segment);
  if (granularity !== 'word') return split;
  const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });
  return (text) =>
    split(text).flatMap((word) => (NEEDS_DICTIONARY.test(word) ? Array.from(graphemes.segment(word), ({ segment }) => segment) : [word]));
}

/** Scripts without spaces: the engine finds their words in a dictionary, while the rules of Unicode alone part each character. */
const NEEDS_DICTIONARY = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

export const unicodeSegments = defineMethod('unicode_segments', {
  category: 'String Manipulation',
  status: 'beta',
  isPlugin: true,
  receiver: 'string',
  description:
    'The parts of a text by the rules of Unicode: `grapheme` (what is seen as one character), `word` (spaces and punctuation are parts too) ' +
    'or `sentence`. Together they are the text.',
  parameters: [{ name: 'segmentation_type', type: 'string', description: '`grapheme`, `word` or `sentence`.' }],
  examples: [
    {
      mapping: 'root.parts = this.text.unicode_segments("sentence")',
      input: { text: 'It costs 1.50. Really?' },
      output: { parts: ['It costs 1.50. ', 'Really?'] },
    },
    {
      mapping: 'root.parts = this.text.unicode_segments("word")',
      input: { text: "Don't go!" },
      output: { parts: ["Don't", ' ', 'go', '!'] },
    },
    { mapping: 'root.count = this.text.unicode_segments("grapheme").length()', input: { text: '👩‍🚀🇳🇿' }, output: { count: 2 } },
  ],
  prepare: ([type]) => {
    const split = SEGMENTERS.get(type);
    return (text) => {
      if (split === undefined) throw new BloblangError(`unknown segmentation type: ${type}`);
      checkElements(text.length);
      return split(toWellFormed(text));
    };
  },
});
