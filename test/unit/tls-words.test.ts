import { describe, expect, it } from 'vitest';
import { failureOf } from '../../src/delivery/failure.js';
import { tlsWords } from '../../src/delivery/tls-words.js';

const HANDSHAKE = 'the receiver refuses the TLS handshake: it may want a client certificate or other ciphers';

describe('an error of TLS', () => {
  const duringHandshake = (reason: string) =>
    `write EPROTO 808CAE2E6F7F0000:error:0A000410:SSL routines:ssl3_read_bytes:${reason}:../deps/openssl/openssl/ssl/record/rec_layer_s3.c:1601:SSL alert number 40\n`;

  it.each([
    ['tlsv1 unrecognized name', "the receiver does not know this host's name"],
    ['tlsv1 alert protocol version', 'the receiver does not support TLS 1.2 or later'],
    ['unsupported protocol', 'the receiver does not support TLS 1.2 or later'],
    ['tlsv13 alert certificate required', 'the receiver asks for a client certificate'],
    ['ssl/tls alert bad certificate', 'the receiver asks for a client certificate'],
    ['sslv3 alert handshake failure', HANDSHAKE],
    ['tlsv1 alert unknown ca', 'the receiver asks for a client certificate'],
    ['tlsv1 alert no application protocol', 'the receiver does not speak HTTP/1.1'],
    ['wrong version number', 'the receiver does not speak TLS on this port'],
    ['http request', 'the receiver does not speak TLS on this port'],
    ['packet length too long', 'the receiver does not speak TLS on this port'],
    ['unknown protocol', 'the receiver does not speak TLS on this port'],
    ['wrong ssl version', 'the receiver does not support TLS 1.2 or later'],
    ['version too low', 'the receiver does not support TLS 1.2 or later'],
    ['dh key too small', 'TLS failed (DH_KEY_TOO_SMALL)'],
    ['\u0080\ufffd odd', 'TLS failed (___ODD)'],
  ])('during the handshake: %j', (reason, text) => {
    const error = Object.assign(new Error(duringHandshake(reason)), { code: 'EPROTO' });
    expect(failureOf(error)).toEqual({ code: 'tls', text });
  });

  it.each([
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'the receiver asks for a client certificate'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'the receiver does not speak TLS on this port'],
    ['ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR', 'TLS failed (TLSV1_ALERT_INTERNAL_ERROR)'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', "the receiver's certificate is self-signed"],
    ['ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', 'the receiver asks for a client certificate'],
    ['ERR_SSL_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE', 'the receiver asks for a client certificate'],
    ['ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN', 'the receiver asks for a client certificate'],
    ['ERR_SSL_UNSUPPORTED_PROTOCOL', 'the receiver does not support TLS 1.2 or later'],
    ['CERT_HAS_EXPIRED', "the receiver's certificate has expired"],
    ['CERT_NOT_YET_VALID', "the receiver's certificate is not valid yet"],
    ['CERT_REVOKED', "the receiver's certificate has been revoked"],
    ['ERR_TLS_CERT_ALTNAME_INVALID', "the receiver's certificate is for another host name"],
    ['HOSTNAME_MISMATCH', "the receiver's certificate is for another host name"],
    ['UNABLE_TO_GET_ISSUER_CERT', "the issuer of the receiver's certificate is not known"],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', "the issuer of the receiver's certificate is not known"],
    [
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      "the issuer of the receiver's certificate is not known, or the receiver does not send the certificates between",
    ],
    ['CRL_HAS_EXPIRED', "the receiver's certificate was not accepted (CRL_HAS_EXPIRED)"],
    ['ERR_TLS_HANDSHAKE_TIMEOUT', 'TLS failed (ERR_TLS_HANDSHAKE_TIMEOUT)'],
    ['SELF_SIGNED_CERT_IN_CHAIN', "the issuer of the receiver's certificate is not known"],
    ['INVALID_PURPOSE', "the receiver's certificate was not accepted (INVALID_PURPOSE)"],
    ['EPROTO', 'TLS failed (EPROTO)'],
  ])('%s is told without its own text', (code, text) => {
    const error = Object.assign(new Error('808C\ufffd:error:../deps/openssl/x.c:1\n'), { code });
    expect(failureOf(error)).toEqual({ code: 'tls', text });
  });

  it.each(['ECONNRESET', 'EPROTOTYPE', 'XEPROTO', 'MY_CERT_HAS_EXPIRED', 'NOT_ERR_SSL_AT_ALL', ''])(
    'is not what has another code: %j',
    (code) => expect(tlsWords({ code, message: duringHandshake('wrong version number') })).toBeNull(),
  );
});
