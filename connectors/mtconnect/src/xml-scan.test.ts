import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import type { CodedError } from '@deungdae/kernel/errors.ts';
import { millDevices } from './test-peers/mill.ts';
import { parseXml, type XmlElement } from './xml.ts';
import { scanXml } from './xml-scan.ts';

const shared = resolve(process.env.DEUNGDAE_SHARED_DATA ?? '../shared/data');
const absent = existsSync(join(shared, 'mtconnect')) ? false : `${join(shared, 'mtconnect')} not present`;

/** Blanks between elements carry no meaning. */
const trimmed = (e: XmlElement): XmlElement => ({ ...e, text: e.text.trim(), children: e.children.map(trimmed) });

const same = (text: string) => assert.deepEqual(trimmed(scanXml(text)), trimmed(parseXml(text)), text.slice(0, 80));

test('gives what the full parser gives', () => {
  same(millDevices);
  same('<a/>');
  same('<a b="1" c=\'x > y\'>t &lt;&amp;&#65;&#x41; <b/>u<!-- no --><c>v</c></a>');
  same('<?xml version="1.0"?>\n<m:a xmlns:m="u"><m:b m:c="d">1</m:b></m:a>\n');
  same('<a><![CDATA[<raw> & text]]></a>');
});

test('gives what the full parser gives of real device files (shared data: mtconnect, nist-sms)', {
  skip: absent,
}, () => {
  for (const file of ['mtconnect/okuma-Devices.xml', 'nist-sms/Devices.xml'])
    same(readFileSync(join(shared, file), 'utf8'));
});

test('refuses what it does not know', () => {
  for (const text of [
    '',
    'x',
    '<a>',
    '</a>',
    '<a></b>',
    '<a/><b/>',
    '<a b></a>',
    '<a b=1/>',
    '<!DOCTYPE a><a/>',
    '<a "="x"/>',
    '<a b="1/>',
    '<a <b/>',
    '<a><![CDATA[ </a>',
    '<1/>',
    '<a __proto__="x"/>',
    '<!-- <a/>',
    '<a>'.repeat(100),
  ])
    assert.throws(
      () => scanXml(text),
      (e: CodedError) => e.code === 'mtconnect.badDocument',
      text,
    );
  assert.throws(
    () => scanXml('<a/>', 3),
    (e: CodedError) => e.code === 'mtconnect.tooLarge',
  );
});
