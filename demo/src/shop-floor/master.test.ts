import assert from 'node:assert/strict';
import { test } from 'node:test';
import { masterKinds } from '@deungdae/contracts/master.ts';
import { demoMaster } from './master.ts';

test('every record is valid, named once, and names only what there is', () => {
  const codes = new Map<string, Set<string>>();
  for (const { kind, code, data } of demoMaster) {
    const parsed = masterKinds[kind].safeParse(data);
    assert.ok(parsed.success, `${kind} ${code}: ${parsed.error?.message}`);
    const known = codes.get(kind) ?? new Set();
    assert.ok(!known.has(code), `${kind} ${code} twice`);
    codes.set(kind, known.add(code));
  }
  const has = (kind: string, code: string, of: string) =>
    assert.ok(codes.get(kind)?.has(code), `${of}: no ${kind} ${code}`);
  for (const { kind, code, data } of demoMaster) {
    if (kind === 'bom') for (const line of masterKinds.bom.parse(data).lines) has('item', line.component, code);
    if (kind === 'routing')
      for (const operation of masterKinds.routing.parse(data).operations) {
        has('workCentre', operation.workCentre, code);
        for (const tool of operation.tools) has('tool', tool, code);
        for (const skill of operation.skills) has('skill', skill, code);
        for (const partner of operation.partners) has('partner', partner, code);
      }
    if (kind === 'inspectionPlan') has('item', masterKinds.inspectionPlan.parse(data).item, code);
  }
});
