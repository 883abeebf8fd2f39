import Domain
import JSON
import Postgres

/// A tenant's own classifiers: which precedents each has learnt, and which of them answers or is tried beside.
public enum ClassifierModels {
  public struct Recipe: Sendable, Hashable {
    public var engine: String
    public var contentHash: [UInt8]
    /// In the order in which they are learnt.
    public var precedents: [UniqueID]

    public init(engine: String, contentHash: [UInt8], precedents: [UniqueID]) {
      self.engine = engine
      self.contentHash = contentHash
      self.precedents = precedents
    }
  }

  public struct Entry: Sendable {
    public var number: Int64
    public var engine: String
    public var contentHash: [UInt8]
    public var precedentCount: Int64
    public var quality: JSONValue
    public var trainedBy: Actor
    public var trainedAt: Instant
  }

  public enum Role: String, Sendable, CaseIterable, TextColumn { case champion, challenger }

  /// How often a challenger agreed with what was answered, and both with what people decided then.
  public struct Comparison: Sendable, Hashable {
    public var answers: Int64
    public var agreeing: Int64
    public var decided: Int64
    public var challengerRight: Int64
    public var championRight: Int64
  }

  public static func add(
    _ recipe: Recipe, quality: JSONValue, by actor: Actor, at now: Instant, _ tx: borrowing Transaction
  ) throws -> Int64 {
    // The lock keeps two trainings from taking the same number.
    _ = try tx.query("SELECT pg_advisory_xact_lock(hashtext('classifier model ' || current_setting('app.tenant')))")
    return try tx.query(
      """
      INSERT INTO classifier_model (number, engine, content_hash, precedents, quality, trained_by, trained_at)
      SELECT coalesce(max(number), 0) + 1, $1, $2, $3, $4::text::json, $5, $6 FROM classifier_model
      WHERE tenant = current_setting('app.tenant') AND environment = current_setting('app.environment') RETURNING number
      """, recipe.engine, recipe.contentHash, recipe.precedents, StoredJSON.encode(quality), actor, now
    ).decode(row: 0, as: Int64.self)
  }

  /// - Parameter number: nil takes the role away.
  public static func activate(
    _ number: Int64?, as role: Role, reason: String, by actor: Actor, at now: Instant, _ tx: borrowing Transaction
  ) throws {
    try tx.execute(
      """
      INSERT INTO classifier_activation (role, number, reason, activated_by, activated_at)
      VALUES ($1, nullif($2, 0), $3, $4, $5)
      """, role, number ?? 0, reason, actor, now)
  }

  /// The numbers in force; roles that nobody has are absent.
  public static func inForce(_ tx: borrowing Transaction) throws -> [Role: Int64] {
    let rows = try tx.query(
      "SELECT DISTINCT ON (role) role, coalesce(number, 0) FROM classifier_activation ORDER BY role, id DESC")
    let found = try rows.map(Role.self, Int64.self) { ($0, $1) }.filter { $0.1 != 0 }
    return Dictionary(uniqueKeysWithValues: found)
  }

  public static func recipe(_ number: Int64, _ tx: borrowing Transaction) throws -> Recipe? {
    try tx.query("SELECT engine, content_hash, precedents FROM classifier_model WHERE number = $1", number)
      .map(String.self, [UInt8].self, [PostgresUUID].self) {
        Recipe(engine: $0, contentHash: $1, precedents: $2.map { UniqueID(high: $0.hi, low: $0.lo) })
      }.first
  }

  /// Newest first.
  public static func list(_ tx: borrowing Transaction) throws -> [Entry] {
    try tx.query(
      """
      SELECT number, engine, content_hash, cardinality(precedents)::bigint, quality, trained_by, trained_at
      FROM classifier_model ORDER BY number DESC LIMIT 100
      """
    ).map(Int64.self, String.self, [UInt8].self, Int64.self, JSONText.self, Actor.self, Instant.self) {
      Entry(
        number: $0, engine: $1, contentHash: $2, precedentCount: $3, quality: try JSONParser.parse(Array($4.text.utf8)),
        trainedBy: $5, trainedAt: $6)
    }
  }

  // MARK: Beside

  public struct Answer: Sendable {
    public var caseID: CaseID
    public var caseVersion: Int64
    public var number: Int64
    public var code: HSCode?
    public var confidence: Confidence
    public var given: HSCode?

    public init(
      caseID: CaseID, caseVersion: Int64, number: Int64, code: HSCode?, confidence: Confidence, given: HSCode?
    ) {
      self.caseID = caseID
      self.caseVersion = caseVersion
      self.number = number
      self.code = code
      self.confidence = confidence
      self.given = given
    }
  }

  public static func note(_ answers: [Answer], _ tx: borrowing Transaction) throws {
    for answer in answers {
      try tx.executeLater(
        """
        INSERT INTO challenger_answer (case_id, case_version, number, code, confidence, given)
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING
        """, answer.caseID, answer.caseVersion, answer.number, answer.code?.digits,
        Int64(answer.confidence.millionths), answer.given?.digits)
    }
  }

  /// What people decided is compared by the six digits that all countries share.
  public static func comparison(_ number: Int64, _ tx: borrowing Transaction) throws -> Comparison {
    try tx.query(
      """
      SELECT count(*), count(*) FILTER (WHERE left(a.code, 6) = left(a.given, 6)), count(p.id),
        count(p.id) FILTER (WHERE left(a.code, 6) = left(p.code, 6)),
        count(p.id) FILTER (WHERE left(a.given, 6) = left(p.code, 6))
      FROM challenger_answer a
      LEFT JOIN customs_case c ON c.id = a.case_id
      LEFT JOIN precedent p ON p.id = c.decision_id AND p.outcome <> 'rejected' AND p.withdrawn_at IS NULL
      WHERE a.number = $1
      """, number
    ).map(Int64.self, Int64.self, Int64.self, Int64.self, Int64.self) {
      Comparison(answers: $0, agreeing: $1, decided: $2, challengerRight: $3, championRight: $4)
    }.first ?? Comparison(answers: 0, agreeing: 0, decided: 0, challengerRight: 0, championRight: 0)
  }
}
