import { describe, expect, it } from 'vitest';
import type { Key } from '../../terminal/screen.ts';
import { type ExplorerState, explorerState, pressKey } from './explorer-state.ts';
import { historyOf } from './history.ts';

describe('the interactive mode', () => {
  it('takes text into the mapping, several lines of it', () => {
    expect(after('root = 1', 'return', 'root.a = 2').mapping.text).toBe('root = 1\nroot.a = 2');
  });

  it('completes as far as it is certain, then goes through the candidates', () => {
    const state = after('root = this.id.has_', 'tab');
    expect(state.choice?.candidates.map(({ label }) => label)).toEqual(['has_prefix', 'has_suffix']);
    expect(pressed(state, 'tab').mapping.text).toBe('root = this.id.has_prefix(');
    expect(pressed(state, 'tab', 'tab').mapping.text).toBe('root = this.id.has_suffix(');
    expect(pressed(state, 'tab', 'tab', 'tab', '"x")')).toMatchObject({
      mapping: { text: 'root = this.id.has_prefix("x")' },
      choice: undefined,
    });
  });

  it('edits the sample as well', () => {
    expect(after('root = 1', 'shift-tab', '[', 'tab', 'ctrl-o', '2')).toMatchObject({
      mapping: { text: 'root = 12' },
      sample: { text: '[  {"id":"a"}', cursor: 3 },
      focus: 'mapping',
    });
  });

  it('goes to earlier mappings from the first line, and back to the one begun', () => {
    const state = after('root = 3', 'up', 'up');
    expect(state.mapping.text).toBe('root = 1');
    expect(pressed(state, 'up').mapping.text).toBe('root = 1');
    expect(pressed(state, 'down', 'down').mapping.text).toBe('root = 3');
    expect(after('a', 'return', 'b', 'up').mapping).toEqual({ text: 'a\nb', cursor: 1 });
  });

  it('remembers a mapping that is given up or left, once', () => {
    expect(after('root = 3', 'ctrl-x')).toMatchObject({
      mapping: { text: '' },
      history: { entries: ['root = 1', 'root = 2', 'root = 3'] },
    });
    expect(after('root = 1', 'ctrl-d')).toMatchObject({ isOver: true, history: { entries: ['root = 2', 'root = 1'] } });
    expect(after(' ', 'ctrl-c').history.entries).toEqual(['root = 1', 'root = 2']);
  });

  it('takes what is pasted as it is', () => {
    const state = pressed(begun(), 'paste-start', 'root', 'return', 'tab', 'paste-end');
    expect(state.mapping.text).toBe('root\n\t');
  });

  it('scrolls the result, not beyond its beginning', () => {
    expect(after('pagedown', 'pagedown', 'pageup').resultScroll).toBe(10);
    expect(after('pageup').resultScroll).toBe(0);
  });

  it('ignores keys that mean nothing', () => {
    expect(after('f5', 'ctrl-g', 'escape', '\u0007')).toEqual(begun());
  });
});

const NAMED = /^(?:(ctrl)-|(shift)-)?(tab|return|up|down|pageup|pagedown|escape|f5|paste-start|paste-end|[a-z])$/;

const begun = (): ExplorerState => explorerState('', '{"id":"a"}', historyOf(['root = 1', 'root = 2']));

const after = (...keys: string[]): ExplorerState => pressed(begun(), ...keys);

/** Presses keys given by their names, and types everything else. */
function pressed(state: ExplorerState, ...keys: string[]): ExplorerState {
  return keys.flatMap(toKeys).reduce(pressKey, state);
}

function toKeys(key: string): Key[] {
  const [, ctrl, shift, name] = NAMED.exec(key) ?? [];
  if (name === undefined || (name.length === 1 && ctrl === undefined)) return [...key].map((sequence) => ({ sequence, name: undefined }));
  const sequence = { tab: '\t', return: '\r' }[name];
  return [{ name, ctrl: ctrl !== undefined, shift: shift !== undefined, sequence }];
}
