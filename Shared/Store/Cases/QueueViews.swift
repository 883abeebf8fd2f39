import Domain
import Postgres

/// The parts of the queue that a person looks at again and again, each under a name.
public enum QueueViews {
  public static let countMax: Int64 = 50

  public struct View: Hashable, Sendable {
    public var name: String
    /// As the page's address has it.
    public var query: String
    public var isDefault: Bool

    public init(name: String, query: String, isDefault: Bool = false) {
      self.name = name
      self.query = query
      self.isDefault = isDefault
    }
  }

  public static func list(of person: Actor, _ tx: borrowing Transaction) throws -> [View] {
    try tx.query("SELECT name, query, is_default FROM queue_view WHERE person = $1 ORDER BY name", person)
      .map(String.self, String.self, Bool.self) { View(name: $0, query: $1, isDefault: $2) }
  }

  /// One of the same name is replaced.
  /// - Returns: whether there was room for it.
  public static func save(_ view: View, of person: Actor, _ tx: borrowing Transaction) throws -> Bool {
    if view.isDefault { try tx.execute("UPDATE queue_view SET is_default = false WHERE person = $1", person) }
    return try tx.execute(
      """
      INSERT INTO queue_view (person, name, query, is_default) SELECT $1, $2, $3, $4
      WHERE (SELECT count(*) FROM queue_view WHERE person = $1 AND name <> $2) < $5
      ON CONFLICT (person, name, tenant, environment) DO UPDATE SET query = excluded.query,
        is_default = excluded.is_default
      """, person, view.name, view.query, view.isDefault, countMax) == 1
  }

  /// - Returns: false when there is no such view, or one of the new name already.
  public static func rename(_ name: String, to newName: String, of person: Actor, _ tx: borrowing Transaction) throws
    -> Bool
  {
    try tx.execute(
      """
      UPDATE queue_view SET name = $3 WHERE person = $1 AND name = $2
        AND NOT EXISTS (SELECT FROM queue_view WHERE person = $1 AND name = $3 AND name <> $2)
      """, person, name, newName) == 1
  }

  public static func delete(_ name: String, of person: Actor, _ tx: borrowing Transaction) throws -> Bool {
    try tx.execute("DELETE FROM queue_view WHERE person = $1 AND name = $2", person, name) == 1
  }
}
