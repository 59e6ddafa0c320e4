export type ConnectedUsers<Client> = ReturnType<typeof connectedUsers<Client>>

/** Who is connected, found by connection and by user: with ten thousand of them nobody looks through all. */
export function connectedUsers<Client>() {
  const users = new Map<Client, string>()
  const clients = new Map<string, Client[]>()

  function remove(client: Client) {
    const user = users.get(client)
    if (user === undefined) return
    users.delete(client)
    const others = (clients.get(user) ?? []).filter((other) => other !== client)
    if (others.length > 0) clients.set(user, others)
    else clients.delete(user)
  }

  return {
    add(client: Client, user: string) {
      remove(client)
      users.set(client, user)
      clients.set(user, [...(clients.get(user) ?? []), client])
    },
    remove,
    userOf: (client: Client) => users.get(client),
    clientsOf: (user: string): Client[] => clients.get(user) ?? [],
  }
}
