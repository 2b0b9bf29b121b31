import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Role } from '@deungdae/contracts/api-entities.ts';
import { explain } from '@deungdae/kernel/errors.ts';
import '../src/errors.ts';

test('who may not do something is named in words, whatever the role', () => {
  for (const role of Role.options) {
    const told = (language: string) => explain('server.notAllowed', { role: `@role.${role}` }, language);
    assert.doesNotMatch(told('ko'), /[a-z@]/i, role);
    assert.match(told('en'), new RegExp(`role ${role} `));
  }
});
