import { describe, expect, it } from 'vitest';
import type { Size } from '../../terminal/screen.ts';
import { explorerState, pressKey } from './explorer-state.ts';
import { historyOf } from './history.ts';
import { renderScreen } from './screen.ts';
import { type Trial, tryMapping } from './trial.ts';

describe('the screen', () => {
  it('shows mapping, result and sample', () => {
    expect(shown('root.b = this.a.uppercase()', '{"a":"x"}')).toMatchInlineSnapshot(`
      "focusedRule ── mapping ─────────────────────────────────────────────────
      plain       root.b = this.a.uppercase()
      highlight
      rule        ── result ──────────────────────────────────────────────────
      good        {
      good          "b": "X"
      good        }
      plain
      plain
      plain
      plain
      rule        ── sample ──────────────────────────────────────────────────
      plain       {"a":"x"}
      muted       Tab complete · Shift-Tab mapping/sample · ↑↓ history · PgUp…"
    `);
  });

  it('shows an error with its place, and the last good result below', () => {
    expect(shown('root.b = ', '{"a":"x"}', { kind: 'mapped', text: '{}' })).toMatchInlineSnapshot(`
      "focusedRule ── mapping ─────────────────────────────────────────────────
      plain       root.b =
      highlight
      rule        ── result ──────────────────────────────────────────────────
      warning     line 1 char 10: expected query
      warning       |
      warning     1 | root.b =
      warning       |          ^---
      plain
      muted       {}
      plain
      rule        ── sample ──────────────────────────────────────────────────
      plain       {"a":"x"}
      muted       Tab complete · Shift-Tab mapping/sample · ↑↓ history · PgUp…"
    `);
  });

  it('never shows more than fits, nor what a terminal would obey', () => {
    const { lines } = screenOf('root = this.a', `{"a":"${'日本'.repeat(100)}\\u001b[2J"}`, undefined, { rows: 12, columns: 20 });
    expect(lines).toHaveLength(12);
    for (const { text } of lines) {
      expect(text.length).toBeLessThanOrEqual(20);
      expect(text).not.toContain('\u001b');
    }
  });

  it('follows the cursor in a long text', () => {
    const mapping = Array.from({ length: 50 }, (_, line) => `root.f${line} = "${'x'.repeat(100)}"`).join('\n');
    const { lines, cursor } = screenOf(mapping, '{}');
    expect(lines[cursor.row]!.text).toMatch(/^x+"$/);
    expect(cursor.column).toBe(lines[cursor.row]!.text.length);
  });

  it('shows the candidates of a completion', () => {
    const state = pressKey(explorerState('root = this.has_', '{}', historyOf([])), { name: 'tab' });
    const { lines } = renderScreen(state, { kind: 'empty', text: '' }, undefined, SIZE);
    expect(lines[2]).toEqual({ text: 'has_prefix  has_suffix', style: 'highlight' });
  });
});

const SIZE: Size = { rows: 14, columns: 60 };

function screenOf(mapping: string, sample: string, lastGood?: Trial, size = SIZE) {
  const trial = tryMapping({ mapping, sample, file: undefined, isRaw: false });
  return renderScreen(explorerState(mapping, sample, historyOf([])), trial, lastGood, size);
}

const shown = (mapping: string, sample: string, lastGood?: Trial): string =>
  screenOf(mapping, sample, lastGood)
    .lines.map(({ text, style }) => `${style.padEnd(11)} ${text}`.trimEnd())
    .join('\n');
