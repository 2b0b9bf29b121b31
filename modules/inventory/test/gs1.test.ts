import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { digitalLink, readDigitalLink } from '../src/codes/digital-link.ts';
import { checkDigit, dateOf, elementString, hasCheckDigit, readElements, wrongWith } from '../src/codes/gs1.ts';
import { hangulToKeys } from '../src/codes/hangul-keys.ts';
import { ownCode, readCode } from '../src/codes/resolve.ts';
import { code } from './fixtures.ts';

const gtin = '08801234567893';
const all = [
  { ai: '01', value: gtin },
  { ai: '17', value: '271231' },
  { ai: '10', value: 'L261125-0001' },
  { ai: '37', value: '500' },
];
const byAi = (elements: readonly { ai: string; value: string }[] | undefined) =>
  Object.fromEntries((elements ?? []).map((e) => [e.ai, e.value]));

describe('GS1', () => {
  it('knows check digits: GTIN-14 and -13, SSCC, GLN of the General Specifications', () => {
    // Examples of the General Specifications 7.9: GTIN-13 6291041500213, SSCC 376104250021234569.
    assert.equal(checkDigit('629104150021'), '3');
    assert.equal(checkDigit('37610425002123456'), '9');
    assert.equal(hasCheckDigit(gtin), true);
    assert.equal(hasCheckDigit('08801234567894'), false);
  });

  it('builds with GS only where the length is variable and something follows', () => {
    assert.equal(elementString(all), `01${gtin}1727123110L261125-0001\x1d37500`);
    assert.throws(() => elementString([{ ai: '01', value: '08801234567894' }]), RangeError);
    assert.match(wrongWith('10', '한글') ?? '', /character/);
    assert.match(wrongWith('17', '271331') ?? '', /date/);
    assert.match(wrongWith('05', '1') ?? '', /unknown/);
  });

  it('reads what scanners type: FNC1, symbology identifiers, brackets, replaced and dropped separators', () => {
    const wanted = byAi(all);
    const text = elementString(all);
    assert.equal(readElements(text).length, 1);
    for (const typed of [
      text,
      `]d2${text}`,
      `\x1d${text}`,
      text.replace('\x1d', '{GS}'),
      text.replace('\x1d', '|'),
      `(01)${gtin}(17)271231(10)L261125-0001(37)500`,
    ])
      assert.deepEqual(byAi(readElements(typed)[0]), wanted, typed);
    // The wedge dropped GS: the right reading is among several, and no reading breaks a rule.
    const readings = readElements(text.replace('\x1d', ''));
    assert.ok(readings.length > 1);
    assert.ok(readings.some((r) => byAi(r)['10'] === 'L261125-0001' && byAi(r)['37'] === '500'));
    for (const reading of readings) for (const e of reading) assert.equal(wrongWith(e.ai, e.value), null);
    assert.deepEqual(readElements(`01${gtin}17991399`), []);
  });

  it('reads any text without hanging or breaking a rule', () => {
    let seed = 7;
    const random = (n: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed % n;
    };
    for (let i = 0; i < 2000; i++) {
      const length = random(60);
      const text = Array.from({ length }, () => '0123456789A-\x1d10'[random(15)]).join('');
      for (const reading of readElements(text)) for (const e of reading) assert.equal(wrongWith(e.ai, e.value), null);
    }
  });

  it('takes the century and the end of the month from the General Specifications 7.12', () => {
    assert.equal(dateOf('271200', 2026), '2027-12-31');
    assert.equal(dateOf('280200', 2026), '2028-02-29');
    assert.equal(dateOf('760101', 2026), '2076-01-01');
    assert.equal(dateOf('770101', 2026), '1977-01-01');
  });

  it('builds and reads Digital Link addresses, and refuses what is none', () => {
    const link = digitalLink('https://id.example.com/', all);
    assert.equal(link, `https://id.example.com/01/${gtin}/10/L261125-0001?17=271231&37=500`);
    assert.deepEqual(byAi(readDigitalLink(link)?.elements), byAi(all));
    const other = readDigitalLink(`https://brand.example/some/path/01/9506000134352/21/A%2FB?linkType=all`);
    assert.deepEqual(other, {
      stem: 'https://brand.example/some/path',
      elements: [
        { ai: '01', value: '09506000134352' },
        { ai: '21', value: 'A/B' },
      ],
      other: { linkType: 'all' },
    });
    for (const bad of [
      'https://x.example/01/08801234567894',
      `https://x.example/01/${gtin}/21/a/10/b`,
      `https://x.example/01/${gtin}/10`,
      'https://x.example/hello',
      `ftp://x.example/01/${gtin}`,
      `https://x.example/01/${gtin}/10/%E0%A4%A`,
    ])
      assert.equal(readDigitalLink(bad), null, bad);
  });

  it('tells our labels from those of another plant', () => {
    const marks = { plant: 'hanbit/gimcheon', linkBase: null };
    assert.equal(readCode(ownCode(marks, 'L1'), marks).plain, 'L1');
    assert.throws(() => readCode('DD1:hanbit/busan:L1', marks), code('inventory.otherPlant'));
    const linked = { plant: 'hanbit/gimcheon', linkBase: 'https://id.hanbit.example' };
    assert.equal(readCode(ownCode(linked, 'L/1'), linked).plain, 'L/1');
    assert.throws(() => readCode('https://id.other.example/lot/L1', linked), code('inventory.otherPlant'));
    assert.throws(() => readCode('https://id.hanbit.example/nothing', linked), code('inventory.badCode'));
    assert.throws(() => readCode('https://id.hanbit.example/lot/%zz', linked), code('inventory.badCode'));
  });

  it('gives up on a label made of a thousand possible identifiers, at once', () => {
    const label = `${'213710302402414004102403021371192301'.repeat(12)}한`;
    const begun = performance.now();
    assert.deepEqual(readElements(`]d2${label}`), []);
    assert.ok(performance.now() - begun < 1000, `${performance.now() - begun} ms`);
  });

  it('turns Hangul back into the keys that the scanner pressed', () => {
    assert.equal(hangulToKeys('ㅣ261125-0001'), 'l261125-0001');
    assert.equal(hangulToKeys('메ㅔ'), 'app');
    assert.equal(hangulToKeys('안녕'), 'dkssud');
    assert.equal(hangulToKeys('ㄸㅆ'), 'ET');
    assert.equal(hangulToKeys('ABC-1'), 'ABC-1');
  });
});
