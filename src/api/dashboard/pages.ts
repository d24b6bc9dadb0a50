import type { Express } from 'express';
import sirv from 'sirv';

/** What a page of the dashboard may do: load its own files, and call this API. Nothing makes HTML of a text. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

/** Files whose names say what is in them never change. */
const HASHED = /^\/assets\//;

/**
 * The dashboard: the files that the build has made, and its one page for every path that is none of them.
 * @param folder where they are
 */
export function servePages(server: Express, folder: string): void {
  const files = sirv(folder, {
    single: true,
    brotli: true,
    gzip: true,
    etag: true,
    setHeaders(response, path) {
      response.setHeader(
        'Cache-Control',
        HASHED.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache',
      );
    },
  });
  server.use('/dashboard', (request, response, next) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      next();
      return;
    }
    response.set('Content-Security-Policy', POLICY);
    files(request, response, next);
  });
}
