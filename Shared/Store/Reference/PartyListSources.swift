import Domain
import JSON
import Postgres

/// Where published lists come from, and how their last fetching went.
public enum PartyListSources {
  public struct Source: Sendable {
    public var name: String
    /// Addresses of the files of one publication, or one folder.
    public var places: [String]
    public var every: Duration
    public var ageMaxDays: Int64

    public init(name: String, places: [String], every: Duration, ageMaxDays: Int64) {
      self.name = name
      self.places = places
      self.every = every
      self.ageMaxDays = ageMaxDays
    }
  }

  public struct Standing: Sendable {
    public var source: Source
    public var nextAt: Instant
    public var triedAt: Instant?
    public var succeededAt: Instant?
    public var failure: String?
    public var failingSince: Instant?
  }

  // MARK: What the operator says

  /// A source that is known gets the new settings; it is fetched at once in any case.
  public static func set(_ source: Source, by actor: Actor, at now: Instant, _ tx: borrowing Transaction) throws {
    try tx.execute(
      """
      INSERT INTO party_list_source (name, places, every_seconds, age_max_days, set_by, set_at, next_at)
      VALUES ($1, $2, $3, $4, $5, $6, $6)
      ON CONFLICT (name) DO UPDATE SET places = $2, every_seconds = $3, age_max_days = $4, set_by = $5, set_at = $6,
        next_at = $6, taken = NULL
      """, source.name, source.places, source.every.components.seconds, source.ageMaxDays, actor, now)
  }

  /// - Returns: false when there is none of that name.
  public static func remove(_ name: String, _ tx: borrowing Transaction) throws -> Bool {
    try tx.execute("DELETE FROM party_list_source WHERE name = $1", name) == 1
  }

  /// It is fetched next.
  /// - Returns: false when there is none of that name.
  public static func hasten(_ name: String, at now: Instant, _ tx: borrowing Transaction) throws -> Bool {
    try tx.execute("UPDATE party_list_source SET next_at = $2 WHERE name = $1", name, now) == 1
  }

  public static func all(_ tx: borrowing Transaction) throws -> [Standing] {
    let rows = try tx.query(
      """
      SELECT name, places, every_seconds, age_max_days, next_at, tried_at, succeeded_at, failure, failing_since
      FROM party_list_source ORDER BY name
      """)
    return try rows.map(
      String.self, [String].self, Int64.self, Int64.self, Instant.self, Instant?.self, Instant?.self, String?.self,
      Instant?.self
    ) {
      Standing(
        source: Source(name: $0, places: $1, every: .seconds($2), ageMaxDays: $3), nextAt: $4, triedAt: $5,
        succeededAt: $6, failure: $7, failingSince: $8)
    }
  }

  // MARK: What maintenance does

  public struct Claim: Sendable {
    public var source: Source
    /// What was said about the files that were taken last; nil before the first time.
    public var taken: JSONValue?
  }

  /// The next source whose time has come. No other process takes it before the lease is over.
  public static func claim(until lease: Instant, at now: Instant, _ tx: borrowing Transaction) throws -> Claim? {
    let rows = try tx.query(
      """
      UPDATE party_list_source SET next_at = $2, tried_at = $1 WHERE name =
        (SELECT name FROM party_list_source WHERE next_at <= $1 ORDER BY next_at, name LIMIT 1 FOR UPDATE SKIP LOCKED)
      RETURNING name, places, every_seconds, age_max_days, taken
      """, now, lease)
    return try rows.map(String.self, [String].self, Int64.self, Int64.self, JSONText?.self) {
      Claim(
        source: Source(name: $0, places: $1, every: .seconds($2), ageMaxDays: $3),
        taken: try $4.map { try StoredJSON.value($0) })
    }.first
  }

  public static func succeed(
    _ name: String, taken: JSONValue, nextAt: Instant, at now: Instant, _ tx: borrowing Transaction
  ) throws {
    try tx.execute(
      """
      UPDATE party_list_source SET succeeded_at = $2, failure = NULL, failing_since = NULL, next_at = $3,
        taken = $4::text::json WHERE name = $1
      """, name, now, nextAt, StoredJSON.encode(taken))
  }

  public static func fail(
    _ name: String, _ failure: String, nextAt: Instant, at now: Instant, _ tx: borrowing Transaction
  ) throws {
    try tx.execute(
      """
      UPDATE party_list_source SET failure = $2, failing_since = coalesce(failing_since, $3), next_at = $4
      WHERE name = $1
      """, name, failure, now, nextAt)
  }

  /// The authority still publishes the version.
  public static func confirm(
    list: String, version: String, on day: CalendarDate, _ tx: borrowing Transaction
  ) throws {
    try tx.execute(
      """
      INSERT INTO party_list_confirmation (list, version, confirmed_on) VALUES ($1, $2, $3::text::date)
      ON CONFLICT (list) DO UPDATE SET version = $2, confirmed_on = $3::text::date
      """, list, version, day.description)
  }

  /// When an authority was last asked and still published the version in force, by list.
  public static func confirmations(_ tx: borrowing Transaction) throws -> [String: CalendarDate] {
    let rows = try tx.query(
      """
      SELECT c.list, c.confirmed_on::text FROM party_list_confirmation c WHERE c.version =
        (SELECT version FROM party_list_activation WHERE list = c.list ORDER BY id DESC LIMIT 1)
      """)
    let days = try rows.map(String.self, String.self) { ($0, CalendarDate($1)) }
    return Dictionary(uniqueKeysWithValues: days).compactMapValues(\.self)
  }
}
