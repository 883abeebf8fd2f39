import Crypto
import Domain
import Postgres

/// Who is signed in at the review desk. Kept here, so that every process knows them and a restart signs nobody out.
public enum DeskSessions {
  public enum Owner: Hashable, Sendable {
    case person(UniqueID)
    case key(UniqueID)
  }

  public struct Session: Sendable {
    public var principal: Principal
    public var owner: Owner
    public var language: String
    /// What the session's own pages carry in their forms.
    public var formToken: String
    public var lastSeenAt: Instant
  }

  /// - Returns: the token for the cookie, which is kept nowhere.
  public static func begin(_ owner: Owner, at now: Instant, until expiry: Instant, _ tx: borrowing Transaction) throws
    -> String
  {
    let token = Base64.encodeURLSafe(SecureRandom.bytes(32))
    let (person, key): (UniqueID?, UniqueID?) =
      switch owner {
      case .person(let id): (id, nil)
      case .key(let id): (nil, id)
      }
    try tx.execute(
      """
      INSERT INTO desk_session (hash, person_id, api_key_id, form_token, created_at, last_seen_at, expires_at)
      VALUES ($1, $2, $3, $4, $5, $5, $6)
      """, SHA256.hash(token).bytes, person, key, Base64.encodeURLSafe(SecureRandom.bytes(32)), now, expiry)
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
      principal: principal, owner: isKey ? .key(subject) : .person(subject), language: language, formToken: formToken,
      lastSeenAt: lastSeenAt)
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
