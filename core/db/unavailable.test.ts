import { DriverAdapterError } from '@prisma/driver-adapter-utils';
import { expect, test } from 'vitest';
import { Prisma } from '../../generated/prisma/client.ts';
import { StoreUnavailableError } from '../domain/errors.ts';
import { databaseFault } from './unavailable.ts';

const closed = new DriverAdapterError({ kind: 'ConnectionClosed' });
const known = (code: string, meta: Record<string, unknown> = {}) =>
  new Prisma.PrismaClientKnownRequestError('no', { code, clientVersion: '7', meta });

test.each([
  ['a server that cannot be reached', known('P1001')],
  ['no free connection in time', known('P2024')],
  ['a connection that PostgreSQL closed', Object.assign(new Error('no'), { code: '57P01' })],
  ['a connection that broke in a transaction', closed],
  ['one that broke in a raw query of a transaction', known('P2010', { driverAdapterError: closed })],
  [
    'a connection that had broken before',
    new Error('Client has encountered a connection error and is not queryable'),
  ],
  ['one that was closed before', new Error('Client was closed and is not queryable')],
  ['any of them as a cause', new Error('no', { cause: closed })],
])('%s is a StoreUnavailableError for the caller', (_name, error) => {
  expect(databaseFault(error)).toBeInstanceOf(StoreUnavailableError);
  expect(databaseFault(error)).toMatchObject({ cause: error });
});

test.each([
  ['a value that already exists', known('P2002')],
  [
    'a query that is wrong',
    known('P2010', { driverAdapterError: new DriverAdapterError({ kind: 'ValueOutOfRange', cause: '' }) }),
  ],
  ['any other fault', new TypeError('x is not a function')],
  ['nothing', null],
])('%s is passed on unchanged', (_name, error) => expect(databaseFault(error)).toBe(error));

test('a StoreUnavailableError is not wrapped again', () => {
  const fault = new StoreUnavailableError('no');
  expect(databaseFault(fault)).toBe(fault);
});
