import { describe, expect, it } from 'vitest';
import { parseMapping } from '../../parse.ts';

describe('slug', () => {
  it.each([
    ['en', 'Gopher & Benthos', 'gopher-and-benthos'],
    ['fr', "Gaufre & Poisson d'Eau Profonde", 'gaufre-et-poisson-deau-profonde'],
    ['deu', 'Größe @ Maß', 'groesse-an-mass'],
    ['pt-BR', 'pão & água @ casa', 'pao-e-agua-em-casa'],
    ['bg', 'Щука и ъгъл', 'shtuka-i-agal'],
    ['el', 'χώρα ξύλο', 'chora-xylo'],
    ['tlh', '影師 @ home', 'ying-shi-at-home'],
    ['en', '  _What?_ — “no”… ', 'what-_-no'],
    ['en', 'Привет 😀 мир', 'privet-mir'],
  ])('in %s of %j is %s', (lang, text, slug) => {
    expect(run(`root = this.text.slug("${lang}")`, { text })).toBe(slug);
  });
});

describe('unicode_segments', () => {
  it.each([
    ['grapheme', '🐕🦺 🫠é', ['🐕', '🦺', ' ', '🫠', 'é']],
    ['grapheme', '👨‍👩‍👧🇩🇪\r\n', ['👨‍👩‍👧', '🇩🇪', '\r\n']],
    ['word', 'Hello, world! 3.14', ['Hello', ',', ' ', 'world', '!', ' ', '3.14']],
    ['word', '世界 สวัส カタカナ', ['世', '界', ' ', 'ส', 'วั', 'ส', ' ', 'カタカナ']],
    ['sentence', 'This is sentence 1.0. And this is sentence two.', ['This is sentence 1.0. ', 'And this is sentence two.']],
  ])('%s of %j', (type, text, parts) => {
    expect(JSON.parse(run(`root = this.text.unicode_segments("${type}")`, { text }))).toEqual(parts);
  });

  it('fails for a kind of part that there is not', () => {
    expect(run('root = "a".unicode_segments("line")')).toBe('failed assignment (line 1): unknown segmentation type: line');
  });
});

describe('compare_argon2', () => {
  const HASH = '$argon2id$v=19$m=4096,t=3,p=1$c2FsdHktbWNzYWx0ZmFjZQ$RMUMwgtS32/mbszd+ke4o4Ej1jFpYiUqY6MHWa69X7Y';

  it.each([
    ['there-are-many-blobs-in-the-sea', 'true'],
    ['will-i-ever-find-love', 'false'],
    ['', 'false'],
  ])('of %j is %s', (secret, outcome) => {
    expect(run('root = this.secret.compare_argon2(this.hash)', { secret, hash: HASH })).toBe(outcome);
  });

  it.each([
    ['argon2', 'invalid argon2 hash'],
    [HASH.replace('argon2id', 'argon2d'), 'invalid argon2 hash: unrecognised argon2 format'],
    [HASH.replace('v=19', 'x'), 'invalid argon2 hash: failed to parse version'],
    [HASH.replace('t=3', 't=x'), 'invalid argon2 hash: failed to parse parameters'],
    [HASH.replace('p=1', 'p=1,x'), 'invalid argon2 hash: excess characters in parameters segment'],
    [HASH.replace('m=4096', 'm=99999999'), 'invalid argon2 hash: parameters ask for too much memory or time'],
    [HASH.replace('m=4096,t=3', 'm=4096,t=99999'), 'invalid argon2 hash: parameters ask for too much memory or time'],
    [HASH.replace('c2F', '!'), 'invalid argon2 hash: failed to parse base64 salt'],
  ])('refuses %s', (hash, message) => {
    expect(run('root = "x".compare_argon2(this.hash)', { hash })).toBe(`failed assignment (line 1): ${message}`);
  });
});

describe('compare_bcrypt', () => {
  const HASH = '$2y$10$Dtnt5NNzVtMCOZONT705tOcS8It6krJX8bEjnDJnwxiFKsz1C.3Ay';

  it.each([
    ['there-are-many-blobs-in-the-sea', 'true'],
    ['will-i-ever-find-love', 'false'],
  ])('of %j is %s', (secret, outcome) => {
    expect(run('root = this.secret.compare_bcrypt(this.hash)', { secret, hash: HASH })).toBe(outcome);
  });

  it.each([
    ['$2y$10$short', 'crypto/bcrypt: hashedSecret too short to be a bcrypted password'],
    [HASH.replace('$', 'x'), "crypto/bcrypt: bcrypt hashes must start with '$', but hashedSecret started with 'x'"],
    [HASH.replace('$2', '$3'), "crypto/bcrypt: bcrypt algorithm version '3' requested is newer than current version '2'"],
    [HASH.replace('$10$', '$03$'), 'crypto/bcrypt: cost 3 is outside allowed inclusive range 4..31'],
    [HASH.replace('$10$', '$31$'), 'crypto/bcrypt: cost 31 exceeds the maximum of 15'],
  ])('refuses %s', (hash, message) => {
    expect(run('root = "x".compare_bcrypt(this.hash)', { hash })).toBe(`failed assignment (line 1): ${message}`);
  });
});

function run(mapping: string, input: object = {}): string {
  const outcome = parseMapping(mapping).map([{ content: Buffer.from(JSON.stringify(input)), metadata: {} }], 0);
  if (outcome.kind === 'mapped') return Buffer.from(outcome.message.content).toString();
  return outcome.kind === 'failed' ? outcome.error.message : outcome.kind;
}
