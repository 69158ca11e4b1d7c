import { randomUUID } from 'node:crypto';
import type { Faker } from '@faker-js/faker';
import { Float64, type Value } from '@sluice/values';

/** Made-up names and words of two languages. */
export interface Sources {
  readonly en: Faker;
  readonly zh: Faker;
}

type Maker = (sources: Sources) => Value;

const digits = (en: Faker, count: number): string => en.string.numeric(count);
const ROMAN = 'I II III IV V VI VII VIII IX X XI XII XIII XIV XV XVI XVII XVIII XIX XX XXI'.split(' ');
const CARDS = ['VISA', 'MasterCard', 'American Express', 'Discover', 'JCB', 'Diners Club'];

const date = ({ en }: Sources): Date => en.date.past({ years: 50 });
const amount = (en: Faker): string => en.finance.amount({ min: 1, max: 100_000, dec: 2 });
const englishTitle = (en: Faker, sex: 'male' | 'female'): string =>
  en.helpers.arrayElement(
    sex === 'male'
      ? ['Mr.', 'Dr.', 'Prof.', 'Lord', 'King', 'Prince']
      : ['Mrs.', 'Ms.', 'Miss', 'Dr.', 'Prof.', 'Lady', 'Queen', 'Princess'],
  );

function fullName(en: Faker): string {
  const sex = en.helpers.arrayElement(['male', 'female'] as const);
  return `${englishTitle(en, sex)} ${en.person.firstName(sex)} ${en.person.lastName()}`;
}

function token(en: Faker): string {
  const segment = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { sub: en.string.uuid(), name: en.person.fullName(), iat: Math.floor(en.date.past().getTime() / 1000) };
  return `${segment({ alg: 'HS256', typ: 'JWT' })}.${segment(claims)}.${Buffer.from(en.string.alphanumeric(32)).toString('base64url')}`;
}

/** What `fake` can make, by name. */
export const FAKE_VALUES = new Map<string, Maker>(
  Object.entries<Maker>({
    '': ({ en }) => en.string.alpha(25),
    latitude: ({ en }) => new Float64(en.location.latitude()),
    longitude: ({ en }) => new Float64(en.location.longitude()),

    unix_time: (sources) => BigInt(Math.floor(date(sources).getTime() / 1000)),
    date: (sources) => date(sources).toISOString().slice(0, 10),
    time_string: (sources) => date(sources).toISOString().slice(11, 19),
    month_name: ({ en }) => en.date.month(),
    year_string: (sources) => String(date(sources).getUTCFullYear()),
    day_of_week: ({ en }) => en.date.weekday(),
    day_of_month: (sources) => String(date(sources).getUTCDate()),
    timestamp: (sources) => date(sources).toISOString().slice(0, 19).replace('T', ' '),
    century: ({ en }) => en.helpers.arrayElement(ROMAN),
    timezone: ({ en }) => en.location.timeZone(),
    time_period: ({ en }) => en.helpers.arrayElement(['AM', 'PM']),

    email: ({ en }) => en.internet.email().toLowerCase(),
    mac_address: ({ en }) => en.internet.mac(),
    domain_name: ({ en }) => en.internet.domainName(),
    url: ({ en }) => en.internet.url(),
    username: ({ en }) => en.internet.username(),
    ipv4: ({ en }) => en.internet.ipv4(),
    ipv6: ({ en }) => en.internet.ipv6(),
    password: ({ en }) => en.internet.password({ length: 50 }),
    jwt: ({ en }) => token(en),

    word: ({ en }) => en.lorem.word(),
    sentence: ({ en }) => en.lorem.sentence(),
    paragraph: ({ en }) => en.lorem.paragraph(),

    cc_type: ({ en }) => en.helpers.arrayElement(CARDS),
    cc_number: ({ en }) => en.finance.creditCardNumber().replace(/\D/g, ''),
    currency: ({ en }) => en.finance.currencyCode(),
    amount_with_currency: ({ en }) => `${en.finance.currencyCode()} ${amount(en)}`,

    title_male: ({ en }) => englishTitle(en, 'male'),
    title_female: ({ en }) => englishTitle(en, 'female'),
    first_name: ({ en }) => en.person.firstName(),
    first_name_male: ({ en }) => en.person.firstName('male'),
    first_name_female: ({ en }) => en.person.firstName('female'),
    last_name: ({ en }) => en.person.lastName(),
    name: ({ en }) => fullName(en),
    gender: ({ en }) => en.helpers.arrayElement(['Male', 'Female', 'Prefer to skip']),
    chinese_first_name: ({ zh }) => zh.person.firstName(),
    chinese_last_name: ({ zh }) => zh.person.lastName(),
    chinese_name: ({ zh }) => `${zh.person.lastName()}${zh.person.firstName()}`,

    phone_number: ({ en }) => `${digits(en, 3)}-${digits(en, 3)}-${digits(en, 4)}`,
    toll_free_phone_number: ({ en }) =>
      `(${en.helpers.arrayElement(['888', '877', '866', '855', '844'])}) ${digits(en, 3)}-${digits(en, 6)}`,
    e164_phone_number: ({ en }) => `+${en.string.numeric({ length: 12, allowLeadingZeros: false })}`,

    uuid_hyphenated: () => randomUUID(),
    uuid_digit: () => randomUUID().replaceAll('-', ''),
  }),
);
