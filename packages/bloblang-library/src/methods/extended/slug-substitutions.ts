/** What a slug says in a language instead of a character, before what is left is transliterated. */
type Substitutions = ReadonlyMap<string, string>;

/** `from` and `to` are lists of words that stand for each other, in order. */
function substitutions(and: string, at: string, from = '', to = ''): Substitutions {
  const words = to.split(' ');
  const pairs = from.split(' ').map((character, index): [string, string] => [character, words[index]!]);
  const signs: [string, string][] = [
    ['&', and],
    ['@', at],
  ];
  return new Map([...(from === '' ? [] : pairs), ...signs.filter(([, word]) => word !== ''), ...EVERYWHERE]);
}

const EVERYWHERE: readonly [string, string][] = [
  ...['"', "'", '’'].map((quote): [string, string] => [quote, '']),
  ...['‒', '–', '—', '―'].map((dash): [string, string] => [dash, '-']),
];

const BULGARIAN = [
  'А Б В Г Д Е Ж З И Й К Л М Н О П Р С Т У Ф Х Ц Ч Ш Щ Ъ Ь Ю Я а б в г д е ж з и й к л м н о п р с т у ф х ц ч ш щ ъ ь ю я',
  'A B V G D E Zh Z I Y K L M N O P R S T U F H Ts Ch Sh Sht A Y Yu Ya a b v g d e zh z i y k l m n o p r s t u f h ts ch sh sht a y yu ya',
] as const;
const GREEK = [
  'β Β η Η ή Ή ι Ι ί Ί ϊ Ϊ ΐ ξ Ξ υ Υ ύ Ύ ϋ Ϋ ΰ φ Φ χ Χ ω Ω ώ Ώ',
  'v V i I i I i I i I i I i x X y Y y Y y Y y f F ch Ch o O o O',
] as const;
const HUNGARIAN = ['á Á é É í Í ó Ó ö Ö ő Ő ú Ú ü Ü ű Ű', 'a A e E i I o O o O o O u U u U u U'] as const;
const KAZAKH = ['ә ғ қ ң ө ұ Ә Ғ Қ Ң Ө Ұ', 'a g q n o u A G Q N O U'] as const;
const PORTUGUESE = ['á Á é É í Í ó Ó ö Ö ú Ú ü Ü', 'a A e E i I o O o O u U u U'] as const;
const ROMANIAN = ['Ă ă Â â Î î Ș ș Ț ț', 'A a A a I i S s T t'] as const;
const TURKISH = ['ş Ş ü Ü ö Ö İ ı ğ Ğ ç Ç', 's S u U o O I i g G c C'] as const;
const norwegian = substitutions('og', 'at', 'æ ø å Æ Ø Å', 'ae oe aa Ae Oe Aa');
const english = substitutions('and', 'at');

/** By their codes: two letters, three letters, and a country here and there. */
const LANGUAGES: readonly (readonly [codes: string, Substitutions])[] = [
  ['bg bgr', substitutions('', '', ...BULGARIAN)],
  ['cs ces', substitutions('a', 'zavinac')],
  ['de deu', substitutions('und', 'an', 'ä Ä ö Ö ü Ü', 'ae Ae oe Oe ue Ue')],
  ['en eng', english],
  ['es spa', substitutions('y', 'en')],
  ['fi fin', substitutions('ja', 'at')],
  ['fr fra', substitutions('et', 'arobase')],
  ['gr el ell', substitutions('kai', '', ...GREEK)],
  ['hu hun', substitutions('', '', ...HUNGARIAN)],
  ['id idn ind', substitutions('dan', '')],
  ['it ita', substitutions('e', 'chiocciola')],
  ['kz kk kaz', substitutions('jane', '', ...KAZAKH)],
  ['nb nob nn nno', norwegian],
  ['nl nld', substitutions('en', 'at')],
  ['pl pol', substitutions('i', 'na')],
  ['pt prt pt-br br bra por', substitutions('e', 'em', ...PORTUGUESE)],
  ['ro rou', substitutions('si', '', ...ROMANIAN)],
  ['sl slv', substitutions('in', '', 'Đ đ', 'DZ dz')],
  ['sv swe', substitutions('och', 'snabel a')],
  ['tr tur', substitutions('ve', 'et', ...TURKISH)],
];

const BY_CODE = new Map(LANGUAGES.flatMap(([codes, table]) => codes.split(' ').map((code): [string, Substitutions] => [code, table])));

/** Those of a language; of English for a code that is unknown. */
export const substitutionsOf = (code: string): Substitutions => BY_CODE.get(code.toLowerCase()) ?? english;
