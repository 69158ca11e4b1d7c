import { posix } from 'node:path';
import { defineMethod } from '@sluice/bloblang';
import { getString, type Value, wrapError } from '@sluice/values';

export const filepathJoin = defineMethod('filepath_join', {
  category: 'String Manipulation',
  status: 'stable',
  description: 'The elements of an array as one path, with slashes between them and without what goes in circles.',
  receiver: 'array',
  examples: [{ mapping: 'root.path = this.filepath_join()', input: ['/foo/', '../bar.txt'], output: { path: '/bar.txt' } }],
  evaluate: (elements) => {
    const parts = elements.map(elementText).filter((part) => part !== '');
    if (parts.length === 0) return '';
    const path = posix.normalize(parts.join('/'));
    return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
  },
});

function elementText(element: Value, place: number): string {
  try {
    return getString(element);
  } catch (error) {
    throw wrapError(`path element ${place}`, error);
  }
}

export const filepathSplit = defineMethod('filepath_split', {
  category: 'String Manipulation',
  status: 'stable',
  description: 'A path as two texts: all up to and with the last slash, and what follows it.',
  receiver: 'string',
  examples: [
    { mapping: 'root.parts = this.path.filepath_split()', input: { path: '/foo/bar.txt' }, output: { parts: ['/foo/', 'bar.txt'] } },
  ],
  evaluate: (path) => {
    const end = path.lastIndexOf('/') + 1;
    return [path.slice(0, end), path.slice(end)];
  },
});
