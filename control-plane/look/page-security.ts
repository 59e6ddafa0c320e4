import { secureHeaders } from 'hono/secure-headers'

type Sources = Partial<Record<'imgSrc' | 'mediaSrc' | 'connectSrc' | 'workerSrc', string[]>>

/** Nothing inline, nothing from elsewhere, no frames; a face adds only what it must reach. */
export const pageSecurity = (sources: Sources = {}) =>
  secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'"],
      connectSrc: ["'self'"],
      manifestSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
      ...sources,
    },
    // It would hold for every port of the host, and nodes and relay still speak plain HTTP beside these pages.
    strictTransportSecurity: false,
    referrerPolicy: 'same-origin',
    xFrameOptions: 'DENY',
  })
