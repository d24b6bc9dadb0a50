/**
 * A certificate that nobody trusts, for https receivers in tests. Made once, valid for a hundred years:
 * `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 36500 -subj /CN=localhost
 * -addext subjectAltName=IP:127.0.0.1`. Its key guards nothing.
 */
export const selfSigned = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgU89uYIVM2+s93O9o
+KI+F4rQfjr9oT8hQ/E9wV2rwdihRANCAARHRGBgU+jQAOdcKKnizZvywbQbteEy
DrhBYIbMSMGstfnvSDWsVmoxmhUV/MtF6yV9nMZwGIimYz6s7KDvpSrq
-----END PRIVATE KEY-----`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBkDCCATagAwIBAgIUZhhF+ZSlXl7FsnKGwalqdEGUzwQwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMTEwNTQzMFoYDzIxMjYxMDI4
MTA1NDMwWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAARHRGBgU+jQAOdcKKnizZvywbQbteEyDrhBYIbMSMGstfnvSDWsVmox
mhUV/MtF6yV9nMZwGIimYz6s7KDvpSrqo2QwYjAdBgNVHQ4EFgQUdoUUvHQXUpsV
p8d8Ys0jn5vjtBIwHwYDVR0jBBgwFoAUdoUUvHQXUpsVp8d8Ys0jn5vjtBIwDwYD
VR0TAQH/BAUwAwEB/zAPBgNVHREECDAGhwR/AAABMAoGCCqGSM49BAMCA0gAMEUC
IQDEGasbEzadFT1HZnbLssJ/gDKtKvrSWsziQH8LaF5sRQIgJG3ntzz5pxiuUCFB
soux2Q3un74aDK/VBrnHgulpDYM=
-----END CERTIFICATE-----`,
};
