import { describe, expect, test } from 'vitest';
import { loadConfig } from './config.ts';

describe('ALLOWED_ORIGINS', () => {
  test.each([
    [undefined, []],
    ['', []],
    ['https://app.example.com', ['https://app.example.com']],
    [
      ' https://app.example.com , http://localhost:5173,http://[::1]:3000',
      ['https://app.example.com', 'http://localhost:5173', 'http://[::1]:3000'],
    ],
  ])('%j is read as %j', (value, origins) => {
    expect(loadConfig({ ALLOWED_ORIGINS: value }).allowedOrigins).toEqual(origins);
  });

  test.each([
    '*',
    'null',
    'app.example.com',
    'https://app.example.com/',
    'https://app.example.com/path',
    'https://App.example.com',
    'https://app.example.com:443',
    'https://*.example.com',
    'https://user@app.example.com',
    'ftp://app.example.com',
    'file://',
    'https://a.example,',
    'https://a.example https://b.example',
  ])('refuses %j with a message that names the variable', (value) => {
    expect(() => loadConfig({ ALLOWED_ORIGINS: value })).toThrow(
      /^ALLOWED_ORIGINS must be origins such as https:\/\/app\.example\.com[^\n]*$/,
    );
  });
});

describe('ALLOWED_HOSTS', () => {
  test.each([
    [undefined, []],
    ['chat.example.com', ['chat.example.com']],
    [
      'chat.example.com, my_server,10.1.2.3,2001:db8::1',
      ['chat.example.com', 'my_server', '10.1.2.3', '2001:db8::1'],
    ],
  ])('%j is read as %j', (value, hosts) => {
    expect(loadConfig({ ALLOWED_HOSTS: value }).allowedHosts).toEqual(hosts);
  });

  test.each([
    '*',
    '*.example.com',
    'Chat.example.com',
    'chat.example.com:8080',
    'http://chat.example.com',
    'chat.example.com/',
    '.example.com',
    'example.com.',
    'a.example,',
    'a.example b.example',
  ])('refuses %j with a message that names the variable', (value) => {
    expect(() => loadConfig({ ALLOWED_HOSTS: value })).toThrow(/^ALLOWED_HOSTS must be host names[^\n]*$/);
  });
});

describe('FEDERATION', () => {
  test.each([
    [undefined, false],
    ['', false],
    ['0', false],
    ['1', true],
  ])('%j is read as %j', (value, federation) => {
    expect(loadConfig({ FEDERATION: value }).federation).toBe(federation);
  });

  test.each(['true', 'yes', '2', ' 1'])('refuses %j with a message that names the variable', (value) => {
    expect(() => loadConfig({ FEDERATION: value })).toThrow(/^FEDERATION must be 0 or 1$/);
  });
});
