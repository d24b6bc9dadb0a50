/** Describes TLS errors in words that a receiver's operator understands. Pure. */

/** Codes of OpenSSL and of certificate checks have no common prefix but these. */
const CERTIFICATE_CODE =
  /^(CERT_|CRL_|UNABLE_TO_|ERROR_IN_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH|ERR_TLS_CERT_)/;
const TLS_CODE = /^(ERR_SSL_|ERR_TLS_|EPROTO$)/;
/** As OpenSSL writes errors: thread, `error`, number, library, function, reason, file, line. */
const REASON = /:SSL routines:[^:]*:([^:]+)/;
/** An alert is what the other side says; its name has the version that introduced it. */
const ALERT = /^(?:SSLV3|TLSV1|TLSV13|SSL\/TLS)_(?:ALERT_)?/;

export const CERTIFICATE_WANTED = 'the receiver asks for a client certificate';
const NO_TLS = 'the receiver does not speak TLS on this port';
const NO_VERSION = 'the receiver does not support TLS 1.2 or later';
const UNKNOWN_ISSUER = "the issuer of the receiver's certificate is not known";

const WORDS: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: "the receiver's certificate has expired",
  CERT_NOT_YET_VALID: "the receiver's certificate is not valid yet",
  CERT_REVOKED: "the receiver's certificate has been revoked",
  DEPTH_ZERO_SELF_SIGNED_CERT: "the receiver's certificate is self-signed",
  SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_ISSUER,
  UNABLE_TO_GET_ISSUER_CERT: UNKNOWN_ISSUER,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_ISSUER,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: `${UNKNOWN_ISSUER}, or the receiver does not send the certificates between`,
  ERR_TLS_CERT_ALTNAME_INVALID: "the receiver's certificate is for another host name",
  HOSTNAME_MISMATCH: "the receiver's certificate is for another host name",

  WRONG_VERSION_NUMBER: NO_TLS,
  PACKET_LENGTH_TOO_LONG: NO_TLS,
  HTTP_REQUEST: NO_TLS,
  UNKNOWN_PROTOCOL: NO_TLS,
  UNSUPPORTED_PROTOCOL: NO_VERSION,
  VERSION_TOO_LOW: NO_VERSION,
  WRONG_SSL_VERSION: NO_VERSION,
};

const ALERTS: Readonly<Record<string, string>> = {
  PROTOCOL_VERSION: NO_VERSION,
  UNRECOGNIZED_NAME: "the receiver does not know this host's name",
  HANDSHAKE_FAILURE:
    'the receiver refuses the TLS handshake: it may want a client certificate or other ciphers',
  CERTIFICATE_REQUIRED: CERTIFICATE_WANTED,
  // About a certificate that was not sent.
  BAD_CERTIFICATE: CERTIFICATE_WANTED,
  UNSUPPORTED_CERTIFICATE: CERTIFICATE_WANTED,
  CERTIFICATE_UNKNOWN: CERTIFICATE_WANTED,
  UNKNOWN_CA: CERTIFICATE_WANTED,
  NO_APPLICATION_PROTOCOL: 'the receiver does not speak HTTP/1.1',
};

/** Describes a TLS error; null for other errors. The result never contains text of the receiver. */
export function tlsWords({ code, message }: { code: string; message: string }): string | null {
  if (CERTIFICATE_CODE.test(code)) {
    return WORDS[code] ?? `the receiver's certificate was not accepted (${code})`;
  }
  if (!TLS_CODE.test(code)) return null;
  // During the handshake the code says EPROTO and no more.
  const reason = REASON.exec(message)?.[1]?.trim().toUpperCase().replaceAll(' ', '_');
  const what = code === 'EPROTO' ? (reason ?? code) : code.replace(/^ERR_SSL_/, '');
  const known = ALERT.test(what) ? ALERTS[what.replace(ALERT, '')] : WORDS[what];
  return known ?? `TLS failed (${what.replace(/[^\w/]/g, '_')})`;
}
