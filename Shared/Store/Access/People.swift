import Crypto
import Domain
import Postgres

/// The people of a tenant who work at the review desk.
public enum People {
  public struct Person: Hashable, Sendable {
    public var id: UniqueID
    /// In lower case.
    public var email: String
    public var name: String
    public var roles: [PersonRole]
    /// Empty means all.
    public var markets: [Market]
    /// `auto` means as the browser asks.
    public var language: String

    public init(
      id: UniqueID, email: String, name: String, roles: [PersonRole], markets: [Market] = [], language: String = "auto"
    ) {
      self.id = id
      self.email = email.lowercased()
      self.name = name
      self.roles = roles
      self.markets = markets
      self.language = language
    }

    public var actor: Actor { .person(email) }

    public func sees(_ market: Market) -> Bool { markets.isEmpty || markets.contains(market) }
  }

  public struct Listed: Sendable {
    public var person: Person
    public var isDisabled: Bool
    public var lockedUntil: Instant?
  }

  /// - Returns: false when somebody, of this tenant or another, has the address.
  public static func add(_ person: Person, at now: Instant, _ tx: borrowing Transaction) throws -> Bool {
    try tx.execute(
      """
      INSERT INTO person (id, email, name, roles, markets, language, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
      ON CONFLICT DO NOTHING
      """, person.id, person.email, person.name, person.roles.map(\.rawValue), person.markets.map(\.code),
      person.language, now) == 1
  }

  public static func change(_ person: Person, _ tx: borrowing Transaction) throws {
    try tx.execute(
      "UPDATE person SET name = $2, roles = $3, markets = $4, language = $5 WHERE id = $1", person.id, person.name,
      person.roles.map(\.rawValue), person.markets.map(\.code), person.language)
  }

  public static func list(_ tx: borrowing Transaction) throws -> [Listed] {
    let rows = try tx.query(
      """
      SELECT id, email, name, roles, markets, language, disabled_at IS NOT NULL, locked_until FROM person ORDER BY email
      """)
    return try decode(rows)
  }

  public static func find(email: String, _ tx: borrowing Transaction) throws -> Listed? {
    let rows = try tx.query(
      """
      SELECT id, email, name, roles, markets, language, disabled_at IS NOT NULL, locked_until FROM person
      WHERE email = $1
      """, email.lowercased())
    return try decode(rows).first
  }

  public static func find(id: UniqueID, _ tx: borrowing Transaction) throws -> Person? {
    let rows = try tx.query(
      "SELECT id, email, name, roles, markets, language, disabled_at IS NOT NULL, locked_until FROM person WHERE id = $1",
      id)
    return try decode(rows).first?.person
  }

  private static func decode(_ rows: borrowing Rows) throws -> [Listed] {
    try rows.map(
      UniqueID.self, String.self, String.self, [String].self, [String].self, String.self, Bool.self, Instant?.self
    ) { id, email, name, roles, markets, language, isDisabled, lockedUntil in
      let person = Person(
        id: id, email: email, name: name, roles: roles.compactMap { PersonRole(rawValue: $0) },
        markets: try StoredMarkets.decode(markets), language: language)
      return Listed(person: person, isDisabled: isDisabled, lockedUntil: lockedUntil)
    }
  }

  // MARK: Access

  /// Ends the person's sessions at once.
  public static func disable(_ id: UniqueID, at now: Instant, _ tx: borrowing Transaction) throws {
    try tx.execute("UPDATE person SET disabled_at = coalesce(disabled_at, $2) WHERE id = $1", id, now)
    try endSessions(of: id, at: now, tx)
    try tx.execute("UPDATE welcome_link SET used_at = $2 WHERE person_id = $1 AND used_at IS NULL", id, now)
  }

  public static func enable(_ id: UniqueID, _ tx: borrowing Transaction) throws {
    try tx.execute(
      "UPDATE person SET disabled_at = NULL, locked_until = NULL, failed_attempts = 0 WHERE id = $1", id)
  }

  public static func endSessions(of id: UniqueID, at now: Instant, _ tx: borrowing Transaction) throws {
    try tx.execute("UPDATE desk_session SET ended_at = $2 WHERE person_id = $1 AND ended_at IS NULL", id, now)
  }

  /// - Parameter encoded: as Argon2id wrote it; nil takes the password away.
  public static func setPassword(_ encoded: String?, of id: UniqueID, _ tx: borrowing Transaction) throws {
    try tx.execute(
      "UPDATE person SET password = $2, failed_attempts = 0, locked_until = NULL WHERE id = $1", id, encoded)
  }

  // MARK: Welcome links

  /// Takes the place of the links that the person was given before.
  /// - Returns: the token of the link, which is shown once and kept nowhere.
  public static func invite(_ id: UniqueID, until expiry: Instant, at now: Instant, _ tx: borrowing Transaction) throws
    -> String
  {
    try tx.execute("UPDATE welcome_link SET used_at = $2 WHERE person_id = $1 AND used_at IS NULL", id, now)
    let token = Base64.encodeURLSafe(SecureRandom.bytes(32))
    try tx.execute(
      "INSERT INTO welcome_link (hash, person_id, expires_at) VALUES ($1, $2, $3)", SHA256.hash(token).bytes, id, expiry
    )
    return token
  }

  public struct Invited: Sendable {
    public var tenant: TenantID
    public var id: UniqueID
    public var email: String
    public var name: String
  }

  /// Before any tenant is entered.
  public static func invited(by token: String, at now: Instant, _ tx: borrowing Transaction) throws -> Invited? {
    let rows = try tx.query(
      "SELECT tenant, id, email, name FROM find_welcome_link($1, $2)", SHA256.hash(token).bytes, now)
    return try rows.first(TenantID.self, UniqueID.self, String.self, String.self)
      .map { Invited(tenant: $0.0, id: $0.1, email: $0.2, name: $0.3) }
  }

  /// - Returns: false when another was faster.
  public static func useInvitation(_ token: String, at now: Instant, _ tx: borrowing Transaction) throws -> Bool {
    try tx.execute(
      "UPDATE welcome_link SET used_at = $2 WHERE hash = $1 AND used_at IS NULL AND expires_at > $2",
      SHA256.hash(token).bytes, now) == 1
  }

  // MARK: Signing in

  public struct Claimant: Sendable {
    public var tenant: TenantID
    public var id: UniqueID
    public var password: String?
    public var isDisabled: Bool
  }

  /// Before any tenant is entered. Whoever knows an address is not yet the person.
  public static func claimant(email: String, _ tx: borrowing Transaction) throws -> Claimant? {
    let rows = try tx.query("SELECT tenant, id, password, is_disabled FROM find_person_to_sign_in($1)", email)
    return try rows.first(TenantID.self, UniqueID.self, String?.self, Bool.self)
      .map { Claimant(tenant: $0.0, id: $0.1, password: $0.2, isDisabled: $0.3) }
  }

  /// Holds the person's row, so that of attempts made at once each sees what the one before it left.
  public static func lockedUntil(_ id: UniqueID, _ tx: borrowing Transaction) throws -> (
    failures: Int64, until: Instant?
  )? {
    try tx.query("SELECT failed_attempts, locked_until FROM person WHERE id = $1 FOR UPDATE", id)
      .first(Int64.self, Instant?.self).map { (failures: $0.0, until: $0.1) }
  }

  public static func recordFailures(
    _ count: Int64, lockedUntil: Instant?, of id: UniqueID, _ tx: borrowing Transaction
  ) throws {
    try tx.execute("UPDATE person SET failed_attempts = $2, locked_until = $3 WHERE id = $1", id, count, lockedUntil)
  }
}

/// A market that cannot be read must not vanish from the list: an empty list means all markets.
enum StoredMarkets {
  static func decode(_ codes: [String]) throws(StoreError) -> [Market] {
    var markets: [Market] = []
    for code in codes {
      guard let market = Market(code) else { throw .unreadable(type: "market", reason: "'\(code)'") }
      markets.append(market)
    }
    return markets
  }
}
