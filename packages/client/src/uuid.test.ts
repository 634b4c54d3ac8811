import { expect, it } from 'vitest';
import { uuid } from './uuid.ts';

it('is a version 4 UUID, and another one each time', () => {
  const form = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  const ids = Array.from({ length: 50 }, uuid);
  for (const id of ids) expect(id).toMatch(form);
  expect(new Set(ids).size).toBe(50);
});
