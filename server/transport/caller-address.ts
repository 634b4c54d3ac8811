import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { all, compile } from 'proxy-addr';

/** The address of a request's caller, for limits; empty if the connection is closed already. */
export type AddressOf = (request: Pick<IncomingMessage, 'headers' | 'socket'>) => string;

/** Whether an address is that of a trusted proxy. `trustedProxies`: as of {@link addressReader}. */
export function proxyCheck(trustedProxies: readonly string[]): (address: string) => boolean {
  const isTrusted = compile([...trustedProxies]);
  return (address) => isTrusted(address, 0);
}

/**
 * Reads callers' addresses. A proxy adds the address that it saw to the end of `X-Forwarded-For`, so of these addresses the
 * last one counts that is not of a trusted proxy; what is before it, the caller may have made up.
 * @param trustedProxies addresses, networks such as `10.0.0.0/8`, and the names that proxy-addr has for networks
 */
export function addressReader(trustedProxies: readonly string[]): AddressOf {
  const isTrusted = compile([...trustedProxies]);
  return (request) => {
    // The nearest is the first. The header is text, such as `unknown`: then it is the proxy that counts.
    const known = all(request as IncomingMessage, isTrusted).filter((address) => isIP(address ?? '') !== 0);
    return (known.at(-1) ?? '').replace(/^::ffff:(?=\d+\.)/, '');
  };
}
