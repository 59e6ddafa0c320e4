/** What becomes of those who have a key that is revoked. A publisher of this moment is not ended: the control plane cannot command nodes. */
export const revokedKeyMeans = (streamName: string) =>
  `Encoders that use it can no longer begin to publish ${streamName}. One that publishes with it now goes on until it stops.`
