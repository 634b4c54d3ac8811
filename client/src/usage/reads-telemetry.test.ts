import { expect, it } from 'vitest';
import { readsTelemetry } from './reads-telemetry.ts';

it('telemetry is for admins and operators', () => {
  expect(readsTelemetry('ADMIN')).toBe(true);
  expect(readsTelemetry('OPERATOR')).toBe(true);
  expect(readsTelemetry('USER')).toBe(false);
  expect(readsTelemetry('SERVICE')).toBe(false);
});
