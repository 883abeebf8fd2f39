/// What changed from one version of a list to another.
public struct ListDifference: Sendable {
  public var added: [ListedParty]
  public var removed: [ListedParty]
  public var changed: [(before: ListedParty, after: ListedParty)]

  public init(from before: [ListedParty], to after: [ListedParty]) {
    let old = Dictionary(before.map { ($0.id, $0) }) { first, _ in first }
    let ids = Set(after.map(\.id))
    added = after.filter { old[$0.id] == nil }
    removed = before.filter { !ids.contains($0.id) }
    changed = after.compactMap { entry in
      guard let earlier = old[entry.id], earlier != entry else { return nil }
      return (earlier, entry)
    }
  }

  public var isEmpty: Bool { added.isEmpty && removed.isEmpty && changed.isEmpty }
}
