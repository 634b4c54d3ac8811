import { expect, test } from 'vitest';
import { mayInstall } from './install-test-tools.mjs';

const debian = { platform: 'linux', uid: 0, hasApt: true };

test('packages are installed as root where there is apt-get', () => {
  expect(mayInstall(debian, {})).toBe(true);
});

test.each([
  ['another user', { uid: 1000 }],
  ['a system without users', { uid: undefined }],
  ['a system without apt-get', { hasApt: false }],
  ['another system', { platform: 'darwin' }],
])('nothing is installed for %s', (_name, other) => {
  expect(mayInstall({ ...debian, ...other }, {})).toBe(false);
});

test('nothing is installed where TEST_INSTALL_TOOLS is 0', () => {
  expect(mayInstall(debian, { TEST_INSTALL_TOOLS: '0' })).toBe(false);
});
