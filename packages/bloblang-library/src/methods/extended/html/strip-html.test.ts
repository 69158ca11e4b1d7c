import { cpuMs } from '@sluice/testkit';
import { describe, expect, it } from 'vitest';
import { parseMapping } from '../../../parse.ts';

describe('strip_html', () => {
  it.each([
    ['<p>Welcome to <strong>Redpanda Connect</strong>!</p>', 'Welcome to Redpanda Connect!'],
    ['a & b &amp; c &lt;d&gt; "q" \'x\'', 'a &amp; b &amp; c &lt;d&gt; &#34;q&#34; &#39;x&#39;'],
    ['a < b > c <1> </', 'a &lt; b &gt; c &lt;1&gt; &lt;/'],
    ['&nbsp;&eacute;&copy &nosuch;', '\u00a0é© &amp;nosuch;'],
    ['x<b', 'x'],
    ['<i title="a>b" lang=\'>\' x=y>t</i >', 't'],
    ['<!-- <b>c</b> -->x<!doctype html><?php y ?>z<!-->!<!--->?', 'xz!?'],
    ['<script>steal("</b>")</script>x<style>p{}</style>y<title>t</title>z', 'xyz'],
    ['<textarea>a<b>&amp;</textarea>', 'a&lt;b&gt;&amp;'],
    ['<xmp>&amp;<b></XMP>x', '&amp;amp;&lt;b&gt;x'],
    ['<iframe><b>x</b></iframe>y<object>a<i>b</i></object>z', 'yz'],
    ['<script>for ever', ''],
    ['a\r\nb\rc&#13;', 'a\nb\nc&#13;'],
    ['  ', '  '],
  ])('of %j is %j', (html, text) => {
    expect(run('root = this.html.strip_html()', { html })).toBe(text);
  });

  it.each([
    ['<div>So <STRONG onclick="x()">bold</STRONG><br/><br></div>', 'So <strong>bold</strong><br/><br>'],
    ['<script>x</script><a href="y">link</a><img src="z">', 'link'],
    ['</strong>unbalanced<em>', '</strong>unbalanced<em>'],
  ])('keeps elements of %j without their attributes', (html, text) => {
    expect(run('root = this.html.strip_html(["Strong", "em", "br", "script", "a", "img"])', { html })).toBe(text);
  });

  it('takes names only', () => {
    expect(() => parseMapping('root = "".strip_html(["b", 5])')).toThrow('invalid arg at index 1: expected string, got int64');
  });

  it('takes time in proportion to the text', () => {
    const hard = ['<!--', '<a b="', '<title>', '</', '<', '<x y', '&#'].map((part) => part.repeat(100_000));
    const work = () => hard.map((html) => run('root = this.html.strip_html().length()', { html }));
    expect(cpuMs(work)).toBeLessThan(5_000);
  });
});

function run(mapping: string, input: object): string {
  const outcome = parseMapping(mapping).map([{ content: Buffer.from(JSON.stringify(input)), metadata: {} }], 0);
  if (outcome.kind === 'mapped') return Buffer.from(outcome.message.content).toString();
  return outcome.kind === 'failed' ? outcome.error.message : outcome.kind;
}
