import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { canonicalLink, checkDigit } from '../src/epcis/digital-link.ts';
import { eventHashId, namespacesOf, preHash } from '../src/epcis/event-hash.ts';

const caps = {
  type: 'ObjectEvent',
  eventID: 'urn:uuid:11111111-2222-8333-a444-555555555555',
  recordTime: '2026-11-25T09:00:01Z',
  eventTime: '2026-11-25T18:00:00.12349+09:00',
  eventTimeZoneOffset: '+09:00',
  action: 'OBSERVE',
  bizStep: 'shipping',
  disposition: 'in_transit',
  epcList: ['urn:epc:id:sgtin:8801234.056789.P-2', 'urn:epc:id:sgtin:8801234.056789.P-10'],
  quantityList: [{ epcClass: 'https://shop.example/01/08801234567893/10/L7?x=1', quantity: 10.5, uom: 'KGM' }],
  readPoint: { id: 'urn:epc:id:sgln:8801234.00001.0' },
  bizTransactionList: [
    { type: 'po', bizTransaction: 'urn:epcglobal:cbv:bt:8801234000009:77' },
    { type: 'desadv', bizTransaction: 'urn:epcglobal:cbv:bt:8801234000009:5' },
  ],
  destinationList: [{ type: 'owning_party', destination: 'urn:epc:id:pgln:8801234.00001' }],
  'ours:mould': 'M-1',
  'ours:set': { 'ours:b': '2.50', 'ours:a': ['y', 'x'] },
};
const context = [
  'https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld',
  { ours: 'https://ns.deungdae.example/' },
];
const names = namespacesOf(context);

describe('event hash ids (CBV 2.0, 8.9)', () => {
  test('the string that is hashed follows the order and the rules of the standard', () => {
    const gtin = `0880123456789${checkDigit('0880123456789')}`;
    const gln = `880123400001${checkDigit('880123400001')}`;
    assert.equal(
      preHash(caps, names),
      [
        ...['eventType=ObjectEvent', 'eventTime=2026-11-25T09:00:00.123Z', 'eventTimeZoneOffset=+09:00'],
        ...['epcList', `epc=https://id.gs1.org/01/${gtin}/21/P-10`, `epc=https://id.gs1.org/01/${gtin}/21/P-2`],
        'quantityListquantityElementepcClass=https://id.gs1.org/01/08801234567893/10/L7quantity=10.5uom=KGM',
        ...['action=OBSERVE', 'bizStep=https://ref.gs1.org/cbv/BizStep-shipping'],
        'disposition=https://ref.gs1.org/cbv/Disp-in_transit',
        `readPointid=https://id.gs1.org/414/${gln}`,
        'bizTransactionList',
        'bizTransaction=urn:epcglobal:cbv:bt:8801234000009:5type=https://ref.gs1.org/cbv/BTT-desadv',
        'bizTransaction=urn:epcglobal:cbv:bt:8801234000009:77type=https://ref.gs1.org/cbv/BTT-po',
        `destinationListdestination=https://id.gs1.org/417/${gln}type=https://ref.gs1.org/cbv/SDT-owning_party`,
        '{https://ns.deungdae.example/}mould=M-1',
        '{https://ns.deungdae.example/}set',
        '{https://ns.deungdae.example/}a=x{https://ns.deungdae.example/}a=y{https://ns.deungdae.example/}b=2.5',
      ].join(''),
    );
    const digest = createHash('sha256').update(preHash(caps, names)).digest('hex');
    assert.equal(eventHashId(caps, names), `ni:///sha-256;${digest}?ver=CBV2.0`);
  });

  test('however it is written it is the same event; any change of what it says is another', () => {
    const id = eventHashId(caps, names);
    const written: Record<string, unknown>[] = [
      { ...caps, eventID: undefined, recordTime: undefined },
      { ...caps, eventTime: '2026-11-25T09:00:00.123Z' },
      { ...caps, bizStep: 'urn:epcglobal:cbv:bizstep:shipping', disposition: 'cbv:Disp-in_transit' },
      { ...caps, epcList: [...caps.epcList].reverse() },
      { ...caps, epcList: caps.epcList.map((e) => canonicalLink(e)!) },
      { ...caps, bizTransactionList: [...caps.bizTransactionList].reverse() },
      { ...caps, errorDeclaration: { declarationTime: '2026-11-26T00:00:00Z' } },
      Object.fromEntries(Object.entries(caps).reverse()),
      { ...caps, 'ours:mould': undefined, 'https://ns.deungdae.example/mould': 'M-1' },
    ];
    for (const [i, event] of written.entries()) assert.equal(eventHashId(event, names), id, `writing ${i}`);
    for (const change of [
      { eventTime: '2026-11-25T18:00:00.124+09:00' },
      { action: 'ADD' },
      { epcList: caps.epcList.slice(1) },
      { quantityList: [{ ...caps.quantityList[0]!, quantity: 10.6 }] },
      { 'ours:mould': 'M-2' },
      { destinationList: [] },
    ])
      assert.notEqual(eventHashId({ ...caps, ...change }, names), id, JSON.stringify(change));
  });

  test('times have milliseconds and the fourth decimal rounds, figures have no zeros at their end', () => {
    const time = (eventTime: string) => /eventTime=(.*)Zevent/.exec(preHash({ ...caps, eventTime }))![1];
    assert.equal(time('2023-01-18T11:04:03.1415Z'), '2023-01-18T11:04:03.142');
    assert.equal(time('2023-01-18T11:04:03Z'), '2023-01-18T11:04:03.000');
    assert.equal(time('2023-12-31T23:59:59.9996Z'), '2024-01-01T00:00:00.000');
    const sensors = [
      {
        sensorMetadata: { time: '2026-01-01T00:00:00Z', 'ours:m': 1 },
        sensorReport: [
          { type: 'Temperature', value: 26.0, uom: 'CEL', 'ours:r': 'z' },
          { type: 'gs1:AbsoluteHumidity', value: 0.5, exception: 'ALARM_CONDITION' },
        ],
      },
    ];
    const text = preHash({ ...caps, sensorElementList: sensors }, names);
    assert.match(
      text,
      new RegExp(
        [
          'sensorElementListsensorElementsensorMetadatatime=2026-01-01T00:00:00.000Z\\{https://ns.deungdae.example/\\}m=1',
          'sensorReporttype=https://gs1.org/voc/AbsoluteHumidityexception=https://gs1.org/voc/ALARM_CONDITIONvalue=0.5',
          'sensorReporttype=https://gs1.org/voc/Temperaturevalue=26uom=CEL\\{https://ns.deungdae.example/\\}r=z',
        ].join(''),
      ),
    );
  });

  test('identifiers in their canonical form', () => {
    for (const [given, link] of [
      ['urn:epc:id:sgtin:8801234.056789.P%2F2', '/01/08801234567893/21/P%2F2'],
      ['urn:epc:class:lgtin:8801234.056789.L.7', '/01/08801234567893/10/L.7'],
      ['urn:epc:idpat:sgtin:8801234.056789.*', '/01/08801234567893'],
      ['urn:epc:id:sscc:8801234.0000000011', '/00/088012340000000116'],
      ['urn:epc:id:sgln:8801234.00001.7', '/414/8801234000017/254/7'],
      ['urn:epc:id:grai:8801234.00001.55', '/8003/0880123400001755'],
      ['urn:epc:id:giai:8801234.IMM3', '/8004/8801234IMM3'],
      ['urn:epc:id:pgln:880123412345.', '/417/8801234123457'],
      ['http://a.example/gtin/8801234567893/lot/L7/ser/9', '/01/08801234567893/21/9'],
      ['https://id.gs1.org/01/08801234567893/22/V/10/L7', '/01/08801234567893/10/L7'],
    ] as const)
      assert.equal(canonicalLink(given), `https://id.gs1.org${link}`);
    for (const none of [
      'https://example.com/abc/8801234567893',
      'https://a.example/01/123',
      'urn:epc:id:sgtin:x',
      'M-1',
    ])
      assert.equal(canonicalLink(none), null, none);
  });
});

/** Examples of the reference implementation (RalphTro/epcis-event-hash-generator, tests/examples), where somebody has them. */
const examples = process.env.DEUNGDAE_EPCIS_HASH_EXAMPLES ?? '';
const absent = examples !== '' && existsSync(examples) ? false : 'DEUNGDAE_EPCIS_HASH_EXAMPLES names no folder';
if (absent) console.log(`# skipped: ${absent}`);

/**
 * Its output departs from its own rules 13 and 20 to 22 (types before what they are of, business transactions, sources and
 * destinations behind the extensions), so events with these are left out; and where it does not escape `'`.
 */
test('equal to the reference implementation where it follows its text', { skip: absent }, () => {
  let equal = 0;
  for (const file of readdirSync(examples).filter((f) => f.endsWith('.jsonld'))) {
    if (/IgnoreFields|WithComment/.test(file)) continue;
    const document = JSON.parse(readFileSync(join(examples, file), 'utf8'));
    const hashes = readFileSync(join(examples, file.replace('.jsonld', '.hashes')), 'utf8');
    const body = document.epcisBody;
    for (const event of body?.eventList ?? body?.queryResults?.resultsBody?.eventList ?? [body?.event ?? document]) {
      const names = namespacesOf(document['@context'], event['@context']);
      if (/(bizTransaction|source|destination)List|%27/.test(preHash(event, names))) continue;
      assert.ok(hashes.includes(eventHashId(event, names)), `${file}: ${preHash(event, names)}`);
      equal++;
    }
  }
  assert.ok(equal >= 20, `only ${equal} were compared`);
});
