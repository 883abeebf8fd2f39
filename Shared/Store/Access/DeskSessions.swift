import Crypto
import Domain
import Postgres

/// Who is signed in at the review desk. Kept here, so that every process knows them and a restart signs nobody out.
public enum DeskSessions {
  public enum Owner: Hashable, Sendable {
    case person(UniqueID)
    case key(UniqueID)

    public var id: UniqueID {
      switch self {
      case .person(let id), .key(let id): id
      }
    }
  }

  /// From where somebody signs in: by it they know their sessions apart.
  public struct Place: Hashable, Sendable {
    public var address: String
    /// What the browser says it is.
    public var agent: String

    public init(address: String, agent: String) {
      self.address = String(address.prefix(100))
      self.agent = String(agent.prefix(300))
    }
  }

  public struct Session: Sendable {
    public var principal: Principal
    public var owner: Owner
    /// `auto` means as the browser asks.
    public var language: String
    /// What the session's own pages carry in their forms.
    public var formToken: String
    public var lastSeenAt: Instant
  }

  /// - Returns: the token for the cookie, which is kept nowhere.
  public static func begin(
    _ owner: Owner, from place: Place, at now: Instant, until expiry: Instant, _ tx: borrowing Transaction
  ) throws -> String {
    let token = Base64.encodeURLSafe(SecureRandom.bytes(32))
    let (person, key): (UniqueID?, UniqueID?) =
      switch owner {
      case .person(let id): (id, nil)
      case .key(let id): (nil, id)
      }
    try tx.execute(
      """
      INSERT INTO desk_session (hash, person_id, api_key_id, form_token, created_at, last_seen_at, expires_at, address,
        agent)
      VALUES ($1, $2, $3, $4, $5, $5, $6, $7, $8)
      """, SHA256.hash(token).bytes, person, key, Base64.encodeURLSafe(SecureRandom.bytes(32)), now, expiry,
      place.address, place.agent)
    return token
  }

  /// Before any tenant is entered. A session that was not used since `seenSince` is over.
  public static func find(
    _ token: String, in environment: Domain.Environment, at now: Instant, seenSince: Instant,
    _ tx: borrowing Transaction
  ) throws -> Session? {
    let rows = try tx.query(
      """
      SELECT tenant, subject, is_key, account, name, roles, markets, language, form_token, last_seen_at
      FROM authenticate_desk_session($1, $2, $3)
      """, SHA256.hash(token).bytes, now, seenSince)
    guard
      let (tenant, subject, isKey, account, name, roles, markets, language, formToken, lastSeenAt) = try rows.first(
        TenantID.self, UniqueID.self, Bool.self, String.self, String.self, [String].self, [String].self, String.self,
        String.self, Instant.self)
    else { return nil }
    let principal = Principal(
      tenant: tenant, environment: environment, account: account, isPerson: true, roles: Set(roles),
      markets: Set(try StoredMarkets.decode(markets)), name: name, subject: subject)
    return Session(
      principal: principal, owner: isKey ? .key(subject) : .person(subject), language: language,
      formToken: formToken, lastSeenAt: lastSeenAt)
  }

  /// One of a person's own sessions, as they see it.
  public struct Listed: Hashable, Sendable {
    /// Names the session, and lets nobody in.
    public var mark: String
    public var place: Place
    public var beganAt: Instant
    public var lastSeenAt: Instant
    public var isThis: Bool
  }

  private static let markBytes = 12

  /// Those that are not over, the newest first.
  public static func list(
    of owner: Owner, seenFrom token: String, at now: Instant, seenSince: Instant, _ tx: borrowing Transaction
  ) throws -> [Listed] {
    let this = SHA256.hash(token).bytes
    let rows = try tx.query(
      """
      SELECT hash, address, agent, created_at, last_seen_at FROM desk_session
      WHERE (person_id = $1 OR api_key_id = $1) AND ended_at IS NULL AND expires_at > $2 AND last_seen_at > $3
      ORDER BY created_at DESC
      """, owner.id, now, seenSince)
    return try rows.map([UInt8].self, String.self, String.self, Instant.self, Instant.self) {
      Listed(
        mark: Hex.encode($0.prefix(markBytes)), place: Place(address: $1, agent: $2), beganAt: $3, lastSeenAt: $4,
        isThis: $0 == this)
    }
  }

  /// - Returns: whether there was such a session, of this owner, that had not ended.
  public static func end(mark: String, of owner: Owner, at now: Instant, _ tx: borrowing Transaction) throws -> Bool {
    try tx.execute(
      """
      UPDATE desk_session SET ended_at = $3
      WHERE (person_id = $1 OR api_key_id = $1) AND left(encode(hash, 'hex'), $4) = $2 AND ended_at IS NULL
      """, owner.id, mark, now, Int32(2 * markBytes)) > 0
  }

  /// All but the one that asks.
  /// - Returns: how many ended.
  @discardableResult
  public static func endOthers(
    of owner: Owner, than token: String, at now: Instant, _ tx: borrowing Transaction
  ) throws -> Int {
    try tx.execute(
      """
      UPDATE desk_session SET ended_at = $3
      WHERE (person_id = $1 OR api_key_id = $1) AND hash <> $2 AND ended_at IS NULL
      """, owner.id, SHA256.hash(token).bytes, now)
  }

  public static func touch(_ token: String, at now: Instant, _ tx: borrowing Transaction) throws {
    try tx.execute("UPDATE desk_session SET last_seen_at = $2 WHERE hash = $1", SHA256.hash(token).bytes, now)
  }

  public static func end(_ token: String, at now: Instant, _ tx: borrowing Transaction) throws {
    try tx.execute(
      "UPDATE desk_session SET ended_at = $2 WHERE hash = $1 AND ended_at IS NULL", SHA256.hash(token).bytes, now)
  }

  /// - Returns: how many were forgotten.
  @discardableResult
  public static func forget(before cutoff: Instant, limit: Int, _ tx: borrowing Transaction) throws -> Int {
    try tx.execute(
      """
      DELETE FROM desk_session
      WHERE hash = ANY (ARRAY(SELECT hash FROM desk_session WHERE expires_at < $1 LIMIT $2))
      """, cutoff, limit)
  }
}
