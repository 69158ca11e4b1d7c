import { describe, expect, it } from 'vitest';
import { parseMapping } from '../../../parse.ts';

describe('parse_xml', () => {
  it.each([
    ['<a>1</a>', { a: '1' }],
    ['<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x ">">]><!-- c --><a/>', { a: '' }],
    ['<a x=\'1\' y="2">t</a>', { a: { '#text': 't', '-x': '1', '-y': '2' } }],
    ['<a b=c d>x</a>', { a: { '#text': 'x', '-b': 'c', '-d': 'd' } }],
    ['<a><b>1</b><c/><b x="y">2</b></a>', { a: { b: ['1', { '#text': '2', '-x': 'y' }], c: '' } }],
    ['<a>x<b>y</b>z</a>', { a: { '#text': 'x', b: 'y' } }],
    ['<a>x<!-- c -->y</a>', { a: 'y' }],
    ['<a><![CDATA[<b>&amp;]]></a>', { a: '<b>&amp;' }],
    ['<a>&lt;&amp;&#65;&#x42;&quot;&apos; &nbsp;&foo; &</a>', { a: '<&AB"\' &nbsp;&foo; &' }],
    ['<p:a xmlns:p="u" p:q="r"><p:b>1</p:b><s:b>2</s:b></p:a>', { a: { '-p': 'u', '-q': 'r', b: ['1', '2'] } }],
    ['<a>\t x\r\ny \n</a>', { a: 'x\ny' }],
    ['<a><br>x</a>', { a: { br: 'x' } }],
    ['noise<a>1</a><b>2</b>', { a: '1' }],
    ['<a><__proto__>x</__proto__></a>', { a: JSON.parse('{"__proto__":"x"}') }],
  ])('of %s is %j', (doc, value) => {
    expect(JSON.parse(run('root = this.doc.parse_xml()', { doc }))).toEqual(value);
  });

  it('reads other encodings', () => {
    const content = Buffer.from("<?xml version='1.0' encoding='ISO-8859-1'?><a>é</a>", 'latin1');
    const outcome = parseMapping('root = content().parse_xml()').map([{ content, metadata: {} }], 0);
    expect(outcome.kind === 'mapped' && Buffer.from(outcome.message.content).toString()).toBe('{"a":"é"}');
  });

  it('casts what looks like a number or a bool, if told to', () => {
    const doc = '<a n="1"><b>1.50</b><c>True</c><d>0x10</d><e>NaN</e><f>-.5</f><g>1e3</g><h>f</h><i>yes</i></a>';
    expect(run('root = this.doc.parse_xml(cast: true)', { doc })).toBe(
      '{"a":{"-n":1,"b":1.5,"c":true,"d":"0x10","e":"NaN","f":-0.5,"g":1000,"h":false,"i":"yes"}}',
    );
  });

  it.each([
    ['', 'EOF'],
    ['no xml', 'EOF'],
    ['<a>', 'xml.Decoder.Token() - XML syntax error on line 1: unexpected EOF'],
    ['<a>\n<1b/></a>', 'xml.Decoder.Token() - XML syntax error on line 2: invalid XML name: 1b'],
    ['< a/>', 'xml.Decoder.Token() - XML syntax error on line 1: expected element name after <'],
    ['</a>', 'xml.Decoder.Token() - XML syntax error on line 1: unexpected end element </a>'],
    ['<a b="<"/>', 'xml.Decoder.Token() - XML syntax error on line 1: unescaped < inside quoted string'],
    ['<a>]]></a>', 'xml.Decoder.Token() - XML syntax error on line 1: unescaped ]]> not in CDATA section'],
    ['<a>&#0;</a>', 'xml.Decoder.Token() - XML syntax error on line 1: illegal character code U+0000'],
    ['<a/ >', 'xml.Decoder.Token() - XML syntax error on line 1: expected /> in element'],
    ['<n:a></a>', 'xml.Decoder.Token() - XML syntax error on line 1: element <a> in space n closed by </a> in space ""'],
    ['<!-- a -- b -->', 'xml.Decoder.Token() - XML syntax error on line 1: invalid sequence "--" not allowed in comments'],
    ["<?xml version='1.1'?><a/>", 'xml.Decoder.Token() - xml: unsupported version "1.1"; only version 1.0 is supported'],
    ["<?xml encoding='bogus'?><a/>", 'xml.Decoder.Token() - xml: opening charset "bogus": unsupported charset: "bogus"'],
    ['<a>'.repeat(5_000), 'exceeded max depth'],
  ])('fails on %.40s', (doc, message) => {
    expect(run('root = this.doc.parse_xml()', { doc })).toBe(`failed assignment (line 1): parsing value as XML: ${message}`);
  });
});

describe('format_xml', () => {
  it.each([
    [{ a: { b: { c: 'x' } } }, '<a><b><c>x</c></b></a>'],
    [{ a: 1, b: true }, '<doc><a>1</a><b>true</b></doc>'],
    [{}, '<doc/>'],
    [{ a: [1, 'x'] }, '<doc><a>1</a><a>x</a></doc>'],
    [{ a: [{ b: 1 }, { b: 2 }] }, '<a><b>1</b></a><a><b>2</b></a>'],
    [{ a: { '-y': 1, '-x': 'z', '#text': 't', b: [null, '', {}, [[2]]] } }, '<a x="z" y="1">t<b/><b/><b/><b>2</b></a>'],
    [{ a: { '-x': '1' } }, '<a x="1"/>'],
    [{ a: '<&>' }, '<a><&></a>'],
  ])('of %j on one line is %s', (object, xml) => {
    expect(run('root = this.format_xml(no_indent: true)', object)).toBe(xml);
  });

  it.each([
    [{ a: [{ b: 1 }, { b: 2 }] }, '<doc>\n  <a>\n    <b>1</b>\n  </a>\n  <a>\n    <b>2</b>\n  </a>\n</doc>'],
    [{ a: { '#text': 't', b: 1, c: { d: [] } } }, '<a>t\n  <b>1</b>\n  <c>\n    <d  />\n  </c>\n</a>'],
    [{ a: [] }, '<doc>\n  <a/></doc>'],
    [{ a: { b: [[1]] } }, '<a>\n    <b>1</b>\n</a>'],
  ])('of %j with two spaces is %j', (object, xml) => {
    expect(run('root = this.format_xml("  ")', object)).toBe(xml);
  });

  it('indents by four spaces if not told otherwise', () => {
    expect(run('root.doc = this.format_xml().string()', { a: { b: 1 } })).toBe('{"doc":"<a>\\n    <b>1</b>\\n</a>"}');
  });

  it('fails on an attribute that is no scalar, and on an indentation without end', () => {
    expect(run('root = this.format_xml()', { a: { '-x': [] } })).toBe(
      'failed assignment (line 1): invalid attribute value for: -x:<[]interface {}>',
    );
    expect(run('root = this.format_xml(" ".repeat(40000000))', { a: { b: { c: 1 } } })).toMatch(/exceeds the maximum/);
  });
});

function run(mapping: string, input: object): string {
  const outcome = parseMapping(mapping).map([{ content: Buffer.from(JSON.stringify(input)), metadata: {} }], 0);
  if (outcome.kind === 'mapped') return Buffer.from(outcome.message.content).toString();
  return outcome.kind === 'failed' ? outcome.error.message : outcome.kind;
}
