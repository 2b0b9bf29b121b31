import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CodedError } from '@deungdae/kernel/errors.ts';
import { readQif } from '../src/qif.ts';
import { works } from './fixtures.ts';

/** A small file of our own with the shapes of real ones: one definition for two features, deviations and limits, bonus. */
const qif = (parts: string) => `<?xml version="1.0"?>
<QIFDocument xmlns="http://qifstandards.org/xsd/qif2" versionQIF="2.1.0">
 <QPId>doc-1</QPId><Version><TimeCreated>2026-03-02T10:00:00Z</TimeCreated></Version>
 <FileUnits><PrimaryUnits><LinearUnit><UnitName>mm</UnitName></LinearUnit></PrimaryUnits></FileUnits>
 <Features><FeatureItems n="2">
  <CylinderFeatureItem id="10"><FeatureName>HOLE1</FeatureName></CylinderFeatureItem>
  <CylinderFeatureItem id="11"><FeatureName>HOLE2</FeatureName></CylinderFeatureItem>
 </FeatureItems></Features>
 <Characteristics>
  <CharacteristicDefinitions>
   <DiameterCharacteristicDefinition id="1"><Tolerance><MaxValue>0.1</MaxValue><MinValue>-0.1</MinValue><DefinedAsLimit>false</DefinedAsLimit></Tolerance></DiameterCharacteristicDefinition>
   <LengthCharacteristicDefinition id="2"><Tolerance><MaxValue>5.2</MaxValue><MinValue>4.8</MinValue><DefinedAsLimit>true</DefinedAsLimit></Tolerance></LengthCharacteristicDefinition>
   <PositionCharacteristicDefinition id="3"><ToleranceValue>0.25</ToleranceValue><MaterialCondition>MAXIMUM</MaterialCondition></PositionCharacteristicDefinition>
  </CharacteristicDefinitions>
  <CharacteristicNominals>
   <DiameterCharacteristicNominal id="4"><CharacteristicDefinitionId>1</CharacteristicDefinitionId><TargetValue>4.5</TargetValue></DiameterCharacteristicNominal>
   <LengthCharacteristicNominal id="5"><CharacteristicDefinitionId>2</CharacteristicDefinitionId><TargetValue>5</TargetValue></LengthCharacteristicNominal>
   <PositionCharacteristicNominal id="6"><CharacteristicDefinitionId>3</CharacteristicDefinitionId></PositionCharacteristicNominal>
  </CharacteristicNominals>
  <CharacteristicItems>
   <DiameterCharacteristicItem id="7"><Name>D</Name><CharacteristicNominalId>4</CharacteristicNominalId></DiameterCharacteristicItem>
   <LengthCharacteristicItem id="8"><Name>L</Name><CharacteristicNominalId>5</CharacteristicNominalId></LengthCharacteristicItem>
   <PositionCharacteristicItem id="9"><Name>P</Name><CharacteristicNominalId>6</CharacteristicNominalId></PositionCharacteristicItem>
  </CharacteristicItems>
 </Characteristics>
 <MeasurementsResults><MeasurementResultsSet>${parts}</MeasurementResultsSet></MeasurementsResults>
</QIFDocument>`;
const part = (n: number) => `<MeasurementResults id="${n}00">
 <MeasuredFeatures><FeatureActuals>
  <CylinderFeatureActual id="${n}01"><FeatureItemId>10</FeatureItemId></CylinderFeatureActual>
  <CylinderFeatureActual id="${n}02"><FeatureItemId>11</FeatureItemId></CylinderFeatureActual>
 </FeatureActuals></MeasuredFeatures>
 <MeasuredCharacteristics><CharacteristicActuals>
  <DiameterCharacteristicActual id="${n}03"><Status><CharacteristicStatusEnum>PASS</CharacteristicStatusEnum></Status><CharacteristicItemId>7</CharacteristicItemId><FeatureActualIds><Id>${n}01</Id></FeatureActualIds><Value>4.51</Value></DiameterCharacteristicActual>
  <PositionCharacteristicActual id="${n}04"><Status><CharacteristicStatusEnum>PASS</CharacteristicStatusEnum></Status><CharacteristicItemId>9</CharacteristicItemId><FeatureActualIds><Id>${n}02</Id></FeatureActualIds><Value>0.3</Value></PositionCharacteristicActual>
  <DiameterCharacteristicActual id="${n}05"><Status><CharacteristicStatusEnum>FAIL</CharacteristicStatusEnum></Status><CharacteristicItemId>7</CharacteristicItemId><FeatureActualIds><Id>${n}02</Id></FeatureActualIds><Value>4.61</Value></DiameterCharacteristicActual>
  <LengthCharacteristicActual id="${n}06"><CharacteristicItemId>8</CharacteristicItemId><Value>5.1</Value></LengthCharacteristicActual>
  <LengthCharacteristicActual id="${n}07"><CharacteristicItemId>8</CharacteristicItemId><Value>not measured</Value></LengthCharacteristicActual>
 </CharacteristicActuals></MeasuredCharacteristics>
</MeasurementResults>`;
const code = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    return error instanceof CodedError ? error.code : String(error);
  }
};

describe('QIF', () => {
  test('limits by deviation, by limit and by zone; one definition for several features', () => {
    const file = readQif(qif(part(1) + part(2)));
    assert.deepEqual(file.characteristics, [
      { name: 'HOLE1 D', unit: 'mm', nominal: 4.5, lower: 4.4, upper: 4.6, bonus: false },
      { name: 'HOLE2 P', unit: 'mm', nominal: 0, lower: null, upper: 0.25, bonus: true },
      { name: 'HOLE2 D', unit: 'mm', nominal: 4.5, lower: 4.4, upper: 4.6, bonus: false },
      { name: 'L', unit: 'mm', nominal: 5, lower: 4.8, upper: 5.2, bonus: false },
    ]);
    assert.deepEqual(
      file.parts.map((p) => p.id),
      ['1', '2'],
    );
    assert.deepEqual(file.parts[0]!.values, [
      { characteristic: 'HOLE1 D', value: 4.51, pass: true },
      { characteristic: 'HOLE2 P', value: 0.3, pass: true },
      { characteristic: 'HOLE2 D', value: 4.61, pass: false },
      { characteristic: 'L', value: 5.1, pass: null },
    ]);
  });

  test('what is no QIF, has no results or carries entities is refused', () => {
    assert.equal(
      code(() => readQif('<a/>')),
      'quality.badQif',
    );
    assert.equal(
      code(() => readQif(qif(''))),
      'quality.badQif',
    );
    assert.equal(
      code(() => readQif('<!DOCTYPE x [<!ENTITY a "b">]><QIFDocument/>')),
      'quality.badQif',
    );
    assert.equal(
      code(() => readQif('no xml at all')),
      'quality.badQif',
    );
  });
});

/** Two parts with what a measuring machine may say of them: a component's serial, a result's own attribute. */
const marked = (first: string, second: string) =>
  qif(
    part(1).replace(
      '</MeasurementResults>',
      `<ActualComponentIds><Id>50</Id></ActualComponentIds><Attributes n="1"><AttributeStr name="Label" value="${first}"/></Attributes></MeasurementResults>`,
    ) +
      part(2)
        .replace('FAIL', 'PASS')
        .replace(
          '</MeasurementResults>',
          `<Attributes n="1"><AttributeStr name="Label" value="${second}"/></Attributes></MeasurementResults>`,
        ),
  ).replace(
    '<MeasurementsResults>',
    '<Product><ActualComponentSet><ActualComponent id="50"><SerialNumber>CMM-7</SerialNumber></ActualComponent></ActualComponentSet></Product><MeasurementsResults>',
  );
const label = 'MeasurementResults/Attributes/Label';

describe('QIF and lots', () => {
  const run = async (w: Awaited<ReturnType<typeof works>>) => {
    const caller = { via: 'session', userId: 'kim', name: '김', role: 'engineer', language: 'ko' } as never;
    const ask = (name: string, input: object) =>
      (w.quality.handlers[name as 'importQif'] as unknown as (i: never, c: never) => Promise<never>)(
        input as never,
        caller,
      );
    return {
      preview: (body: object) => ask('previewQif', { body: { item: 'cap', ...body } }),
      send: (body: object) => ask('importQif', { body: { item: 'cap', stage: 'final', ...body } }),
      link: (id: string, lot: string) => ask('linkInspection', { params: { id }, body: { lot } }),
      unlinked: () => ask('unlinkedInspections', { query: { limit: 100 } }),
    };
  };

  test('the elements of a file are offered with the lots that each finds', async (t) => {
    const w = await works();
    t.after(() => w.test.end());
    w.inventory.add('SN-1');
    const { preview } = await run(w);
    const file: { elements: { name: string; distinct: number }[]; parts: { name: string; lot: string | null }[] } =
      await preview({ xml: marked('SN-1', 'SN-2'), serialFrom: label });
    assert.deepEqual(
      file.elements.find((e) => e.name === label),
      { name: label, parts: 2, distinct: 2, examples: ['SN-1', 'SN-2'] },
    );
    assert.ok(file.elements.some((e) => e.name === 'ActualComponent/SerialNumber'));
    assert.deepEqual(
      file.parts.map(({ name, lot }) => [name, lot]),
      [
        ['SN-1', 'SN-1'],
        ['SN-2', null],
      ],
    );
    const one: { elements: { name: string }[]; parts: { name: string }[] } = await preview({
      ...{ xml: qif(part(1)), fileName: 'SN-1.qif', serialFrom: 'file' },
    });
    assert.deepEqual(
      one.parts.map((p) => p.name),
      ['SN-1'],
    );
  });

  test('a rejected serial is held; another choice of the element imports nothing twice and ties the rest', async (t) => {
    const w = await works();
    t.after(() => w.test.end());
    const bad = w.inventory.add('SN-1', { run: 'run-9', workOrder: 'WO-9' });
    const good = w.inventory.add('SN-2');
    w.inventory.add('SN-3', { item: 'other' });
    const { send, unlinked, link } = await run(w);
    const xml = marked('SN-1', 'SN-2');
    const first: { added: number; unlinked: string[] } = await send({ xml });
    assert.deepEqual([first.added, first.unlinked], [2, ['CMM-7', '2']]);
    assert.equal((await (unlinked() as Promise<unknown[]>)).length, 2);
    assert.equal(bad.status, 'available');

    const again: typeof first & { same: number } = await send({ xml, serialFrom: label, links: { 'SN-2': 'none' } });
    assert.deepEqual([again.added, again.same, again.unlinked], [0, 2, ['SN-2']]);
    assert.equal(bad.status, 'hold');
    const [left]: { id: string; run: null }[] = await unlinked();
    assert.equal(code(await link(left!.id, 'SN-3').catch((e: unknown) => () => fail(e))), 'quality.otherItem');
    const tied: { lotNumber: string; nonconformity: null } = await link(left!.id, 'SN-2');
    assert.deepEqual([tied.lotNumber, tied.nonconformity, good.status], ['SN-2', null, 'available']);
    assert.equal(code(await link(left!.id, 'SN-2').catch((e: unknown) => () => fail(e))), 'quality.linkedAlready');
    assert.equal((await (unlinked() as Promise<unknown[]>)).length, 0);
    const [held] = await w.quality.inspectionsOf({ lot: bad.id });
    assert.deepEqual([held!.run, held!.workOrder, held!.verdict], ['run-9', 'WO-9', 'rejected']);
    const [nc] = await w.quality.nonconformities({ limit: 5 });
    assert.deepEqual(
      nc!.lots.map((l) => l.number),
      ['SN-1'],
    );
  });
});

function fail(error: unknown): never {
  throw error;
}
