import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { selfSignedCertificate } from './certificate.ts';

describe('selfSignedCertificate', () => {
  it('is signed by itself, for the names of this machine', () => {
    const certificate = new X509Certificate(selfSignedCertificate(Date.UTC(2026, 10, 30)).cert);

    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.checkHost('localhost')).toBe('localhost');
    expect([certificate.checkIP('127.0.0.1'), certificate.checkIP('::1'), certificate.checkIP('10.0.0.1')]).toEqual([
      '127.0.0.1',
      '::1',
      undefined,
    ]);
    expect(certificate.ca).toBe(true);
    expect([certificate.validFrom, certificate.validTo]).toEqual(['Nov 29 00:00:00 2026 GMT', 'Nov 30 00:00:00 2027 GMT']);
  });

  it('can be read whatever the length of its signature is', () => {
    for (let round = 0; round < 30; round++) expect(() => new X509Certificate(selfSignedCertificate(0).cert)).not.toThrow();
  });

  it('has another key each time', () => {
    expect(selfSignedCertificate(0).key).not.toBe(selfSignedCertificate(0).key);
  });
});
