import Domain

/// Denied-party lists, ready to be asked about names.
public struct PartyScreen: Sendable {
  public let listVersions: [String]

  public init(lists: [PartyList]) {
    listVersions = lists.map { "\($0.id)@\($0.version)" }
  }
}
