/** The fleet never takes a revoked key back, so the machine must make another. */
export const revokedSentence = (stateDirectory: string) =>
  `An operator has revoked this node, and its key for good. To enrol this machine as a new node, stop the agent, empty ${stateDirectory}, start it again and give it a new claim.`
