/** Found when it is first asked for: of many that are read, few are. */
export function once<Value>(find: () => Value): () => Value {
  let value: { is: Value } | undefined
  return () => {
    value ??= { is: find() }
    return value.is
  }
}
