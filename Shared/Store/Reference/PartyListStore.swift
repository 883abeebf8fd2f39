import Crypto
import Domain
import JSON
import Postgres

/// Lists of denied parties, as versions that never change and activations, of which the newest of each list holds.
public enum PartyListStore {
  /// Whose lists: those that authorities publish, or those of the tenant that was entered.
  public enum Scope: Sendable {
    case published, own

    var versions: String { self == .published ? "party_list_version" : "own_party_list_version" }
    var activations: String { self == .published ? "party_list_activation" : "own_party_list_activation" }
  }

  public struct Stored: Sendable {
    public var list: String
    public var version: String
    public var source: RuleSource
    public var ageMaxDays: Int64
    public var content: JSONValue

    public init(list: String, version: String, source: RuleSource, ageMaxDays: Int64, content: JSONValue) {
      self.list = list
      self.version = version
      self.source = source
      self.ageMaxDays = ageMaxDays
      self.content = content
    }
  }

  public struct Summary: Sendable {
    public var list: String
    public var version: String
    public var source: RuleSource
    public var ageMaxDays: Int64
    public var entryCount: Int64
    public var activatedBy: Actor
    public var activatedAt: Instant
    /// When its authority was last asked and had no other.
    public var confirmedOn: CalendarDate?
  }

  /// - Returns: true when the version is new here.
  public static func load(
    _ stored: Stored, in scope: Scope, by actor: Actor, at now: Instant, _ tx: borrowing Transaction
  )
    throws -> Bool
  {
    let text = StoredJSON.encode(stored.content)
    let count = Int64(stored.content.arrayValue?.count ?? 0)
    return try tx.execute(
      dynamic: """
        INSERT INTO \(identifier: scope.versions)
          (list, version, sha256, source, age_max_days, entry_count, content, loaded_by, loaded_at)
        VALUES (\(stored.list), \(stored.version), \(SHA256.hash(text).bytes), \(StoredJSON.encode(stored.source.json))::text::json,
          \(stored.ageMaxDays), \(count), \(text)::text::json, \(actor), \(now)) ON CONFLICT DO NOTHING
        """) == 1
  }

  /// - Parameter version: nil takes the list out of use.
  /// - Parameter difference: what it changes, for the history.
  /// - Returns: true when another version, or none, was in force before.
  public static func activate(
    list: String, version: String?, in scope: Scope, because reason: String? = nil, difference: JSONValue? = nil,
    by actor: Actor, at now: Instant, _ tx: borrowing Transaction
  ) throws -> Bool {
    let wanted = version ?? ""
    let changes = difference.map { StoredJSON.encode($0) } ?? ""
    return try tx.execute(
      dynamic: """
        INSERT INTO \(identifier: scope.activations) (list, version, reason, difference, activated_by, activated_at)
        SELECT \(list), nullif(\(wanted), ''), nullif(\(reason ?? ""), ''), nullif(\(changes), '')::json, \(actor), \(now)
        WHERE nullif(\(wanted), '') IS DISTINCT FROM
          (SELECT version FROM \(identifier: scope.activations) WHERE list = \(list) ORDER BY id DESC LIMIT 1)
        """) == 1
  }

  /// One change of the published lists, as every tenant's record keeps it.
  public struct Change: Sendable {
    public var id: Int64
    public var list: String
    /// nil where the list was taken out of use.
    public var version: String?
    public var reason: String?
    public var difference: JSONValue?
    public var activatedBy: Actor
    public var activatedAt: Instant
  }

  /// Of the published lists, the oldest first.
  public static func changes(after id: Int64, upTo last: Int64, _ tx: borrowing Transaction) throws -> [Change] {
    let rows = try tx.query(
      """
      SELECT id, list, version, reason, difference, activated_by, activated_at FROM party_list_activation
      WHERE id > $1 AND id <= $2 ORDER BY id
      """, id, last)
    return try rows.map(
      Int64.self, String.self, String?.self, String?.self, JSONText?.self, Actor.self, Instant.self
    ) {
      Change(
        id: $0, list: $1, version: $2, reason: $3, difference: try $4.map { try StoredJSON.value($0) },
        activatedBy: $5, activatedAt: $6)
    }
  }

  /// Changes whenever any list of the scope does.
  public static func generation(_ scope: Scope, _ tx: borrowing Transaction) throws -> Int64 {
    let rows =
      switch scope {
      case .published: try tx.query("SELECT coalesce(max(id), 0) FROM party_list_activation")
      case .own: try tx.query("SELECT coalesce(max(id), 0) FROM own_party_list_activation")
      }
    return try rows.decode(row: 0, as: Int64.self)
  }

  /// Of the published lists in force, without what stands in them.
  public static func activeVersions(_ tx: borrowing Transaction) throws -> [String: String] {
    let rows = try tx.query(
      "SELECT DISTINCT ON (list) list, version FROM party_list_activation ORDER BY list, id DESC")
    let pairs = try rows.map(String.self, String?.self) { ($0, $1) }
    return Dictionary(uniqueKeysWithValues: pairs).compactMapValues(\.self)
  }

  public static func active(_ scope: Scope, _ tx: borrowing Transaction) throws -> [Stored] {
    let rows = try tx.query(
      dynamic: """
        SELECT v.list, v.version, v.source, v.age_max_days, v.content FROM \(identifier: scope.versions) v JOIN
          (SELECT DISTINCT ON (list) list, version FROM \(identifier: scope.activations) ORDER BY list, id DESC) a
          USING (list, version) ORDER BY 1
        """)
    return try rows.map(String.self, String.self, JSONText.self, Int64.self, JSONText.self) {
      Stored(
        list: $0, version: $1, source: try StoredJSON.decode(RuleSource.self, $2), ageMaxDays: $3,
        content: try StoredJSON.value($4))
    }
  }

  public static func version(list: String, version: String, in scope: Scope, _ tx: borrowing Transaction) throws
    -> Stored?
  {
    let rows = try tx.query(
      dynamic: """
        SELECT source, age_max_days, content FROM \(identifier: scope.versions)
        WHERE list = \(list) AND version = \(version)
        """)
    return try rows.map(JSONText.self, Int64.self, JSONText.self) {
      Stored(
        list: list, version: version, source: try StoredJSON.decode(RuleSource.self, $0), ageMaxDays: $1,
        content: try StoredJSON.value($2))
    }.first
  }

  public static func summaries(_ scope: Scope, _ tx: borrowing Transaction) throws -> [Summary] {
    let confirmations = scope == .published ? try PartyListSources.confirmations(tx) : [:]
    let rows = try tx.query(
      dynamic: """
        SELECT v.list, v.version, v.source, v.age_max_days, v.entry_count, a.activated_by, a.activated_at
        FROM \(identifier: scope.versions) v JOIN (SELECT DISTINCT ON (list) list, version, activated_by, activated_at
          FROM \(identifier: scope.activations) ORDER BY list, id DESC) a USING (list, version) ORDER BY 1
        """)
    return try rows.map(
      String.self, String.self, JSONText.self, Int64.self, Int64.self, Actor.self, Instant.self
    ) {
      Summary(
        list: $0, version: $1, source: try StoredJSON.decode(RuleSource.self, $2), ageMaxDays: $3, entryCount: $4,
        activatedBy: $5, activatedAt: $6, confirmedOn: confirmations[$0])
    }
  }

  /// The versions of a list that are kept, the one loaded last first.
  public static func versions(list: String, in scope: Scope, _ tx: borrowing Transaction) throws -> [String] {
    try tx.query(
      dynamic: """
        SELECT version FROM \(identifier: scope.versions) WHERE list = \(list) ORDER BY loaded_at DESC, version DESC LIMIT 100
        """
    ).map(String.self) { $0 }
  }
}
