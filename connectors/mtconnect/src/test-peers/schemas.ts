import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { validateXML } from 'xmllint-wasm';

/** Folder of the schemas of MTConnect, outside the repository. */
export const schemas = join(resolve(process.env.DEUNGDAE_SHARED_DATA ?? '../shared/data'), 'mtconnect');
/** Why tests that need them are skipped; false when they are there. */
export const noSchemas = existsSync(join(schemas, 'MTConnectStreams_2.7_1.0.xsd')) ? false : `${schemas} not present`;

/** Fails when the document is not valid against the schema of its kind and version. */
export async function assertValid(xml: string, kind: string, version = '2.7'): Promise<void> {
  const load = (fileName: string) => ({ fileName, contents: readFileSync(join(schemas, fileName), 'utf8') });
  const { valid, errors } = await validateXML({
    xml: { fileName: 'document.xml', contents: xml },
    schema: load(`MTConnect${kind}_${version}_1.0.xsd`),
    preload: [load('xlink.xsd')],
    // 1 GiB: the schema of 2.7 alone is 2 MB.
    maxMemoryPages: 16_384,
  });
  const told = errors.slice(0, 5).map((e) => e.rawMessage);
  assert.ok(valid, `${kind}\n${told.join('\n')}`);
}
