import Crypto
import Domain
import JSON
import Postgres

/// Whoever is let in: which tenant, environment and markets they act in, and what they may do.
public struct Principal: Hashable, Sendable {
  public var tenant: TenantID
  public var environment: Domain.Environment
  public var account: String
  public var isPerson: Bool
  public var roles: Set<String>
  /// Empty means all.
  public var markets: Set<Market>
  /// As colleagues know them.
  public var name: String
  /// Of the person or of the key, for the audit log.
  public var subject: UniqueID?

  public init(
    tenant: TenantID, environment: Domain.Environment, account: String, isPerson: Bool, roles: Set<String>,
    markets: Set<Market> = [], name: String? = nil, subject: UniqueID? = nil
  ) {
    self.tenant = tenant
    self.environment = environment
    self.account = account
    self.isPerson = isPerson
    self.roles = roles
    self.markets = markets
    self.name = name ?? account
    self.subject = subject
  }

  public var actor: Actor { isPerson ? .person(account) : Actor(name: "key:\(account)") }
}

extension Transaction {
  /// As `enter(tenant)`; what belongs to a market that the principal does not see does not exist either.
  public func enter(_ principal: Principal) throws(PostgresError) {
    try enter(principal.tenant)
    let markets = principal.markets.sorted().map(\.code).joined(separator: ",")
    try executeLater("SELECT set_config('app.markets', $1, true)", markets)
  }
}

extension PostgresPool {
  public func transaction<R: Sendable>(
    as principal: Principal, isolation: Isolation = .readCommitted, readOnly: Bool = false,
    _ body: @Sendable (borrowing Transaction) throws -> R
  ) async throws -> R {
    try await transactionWithRetry(isolation: isolation, readOnly: readOnly) { tx in
      try tx.enter(principal)
      return try body(tx)
    }
  }
}

public enum AccessStore {
  public static func authenticate(key: String, _ tx: borrowing Transaction) throws -> Principal? {
    let rows = try tx.query(
      """
      SELECT tenant, environment, id, account, name, is_person, roles, markets FROM authenticate_api_key($1)
      """, SHA256.hash(key).bytes)
    guard
      let (tenant, environment, id, account, name, isPerson, roles, markets) = try rows.first(
        TenantID.self, Domain.Environment.self, UniqueID.self, String.self, String.self, Bool.self, [String].self,
        [String].self)
    else { return nil }
    return Principal(
      tenant: tenant, environment: environment, account: account, isPerson: isPerson, roles: Set(roles),
      markets: Set(try StoredMarkets.decode(markets)), name: name, subject: id)
  }

  /// For a program, with roles of the key's own.
  /// - Returns: the key itself, which is shown once and kept nowhere.
  public static func createKey(
    id: UniqueID, account: String, roles: [String], _ tx: borrowing Transaction
  ) throws -> String {
    try createKey(id, account, nil, roles, tx)
  }

  /// For a person, who may do with it what they may do after signing in, and is the same in every record.
  /// - Returns: the key itself, which is shown once and kept nowhere.
  public static func createKey(id: UniqueID, of person: People.Person, _ tx: borrowing Transaction) throws -> String {
    try createKey(id, person.email, person.id, [], tx)
  }

  private static func createKey(
    _ id: UniqueID, _ account: String, _ person: UniqueID?, _ roles: [String], _ tx: borrowing Transaction
  ) throws -> String {
    let key = "pbn_" + Base64.encodeURLSafe(SecureRandom.bytes(32))
    try tx.execute(
      "INSERT INTO api_key (id, hash, account, is_person, person_id, roles) VALUES ($1, $2, $3, $4, $5, $6)", id,
      SHA256.hash(key).bytes, account, person != nil, person, roles)
    return key
  }

  /// Ends the sessions that were begun with the keys, too.
  public static func revokeKeys(of account: String, at now: Instant, _ tx: borrowing Transaction) throws -> Int {
    try tx.execute(
      """
      UPDATE desk_session SET ended_at = $2 WHERE ended_at IS NULL
        AND api_key_id = ANY (ARRAY(SELECT id FROM api_key WHERE account = $1))
      """, account, now)
    return try tx.execute("UPDATE api_key SET revoked_at = $2 WHERE account = $1 AND revoked_at IS NULL", account, now)
  }

  public static func createTenant(_ tenant: TenantID, displayName: String, _ tx: borrowing Transaction) throws {
    try tx.execute(
      """
      INSERT INTO tenant (tenant, display_name) VALUES ($1, $2)
      ON CONFLICT (tenant) DO UPDATE SET display_name = excluded.display_name
      """, tenant, displayName)
  }

  public static func tenants(_ tx: borrowing Transaction) throws -> [TenantID: String] {
    let rows = try tx.query("SELECT tenant::text, display_name FROM tenant ORDER BY tenant")
    return Dictionary(uniqueKeysWithValues: try rows.map(TenantID.self, String.self) { ($0, $1) })
  }

  public static func addDestination(_ destination: Destination, _ tx: borrowing Transaction) throws {
    try tx.execute(
      """
      INSERT INTO destination (name, kind, config, secrets, dry_run, carries)
      VALUES ($1, $2, $3::text::json, $4, $5, $6)
      ON CONFLICT (tenant, environment, name) DO UPDATE SET kind = excluded.kind, config = excluded.config,
        secrets = excluded.secrets, dry_run = excluded.dry_run, carries = excluded.carries, disabled_at = NULL,
        disabled_reason = NULL
      """, destination.name, destination.kind, StoredJSON.encode(destination.config), destination.secrets,
      destination.isDryRun, destination.carries)
  }
}
