import Domain
import Postgres

/// Up to which change of the lists a tenant's open cases have been screened again.
public struct RescreeningProgress: Hashable, Sendable {
  public var published: Int64
  public var own: Int64
  public var cleared: Int64

  public init(published: Int64, own: Int64, cleared: Int64) {
    self.published = published
    self.own = own
    self.cleared = cleared
  }

  /// nil before the first time.
  public static func load(_ tx: borrowing Transaction) throws -> RescreeningProgress? {
    try tx.query("SELECT published, own, cleared FROM party_rescreening LIMIT 1")
      .map(Int64.self, Int64.self, Int64.self) { RescreeningProgress(published: $0, own: $1, cleared: $2) }.first
  }

  public func save(at now: Instant, _ tx: borrowing Transaction) throws {
    try tx.execute(
      """
      INSERT INTO party_rescreening (published, own, cleared, at) VALUES ($1, $2, $3, $4)
      ON CONFLICT (tenant, environment) DO UPDATE SET published = $1, own = $2, cleared = $3, at = $4
      """, published, own, cleared, now)
  }
}
