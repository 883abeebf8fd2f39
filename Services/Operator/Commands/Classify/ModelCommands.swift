import ClassifierEngine
import Crypto
import Domain
import JSON
import Postgres
import Store
import WorkerRuntime

/// A tenant's own classifiers: training one, and which of them answers.
enum ModelCommands {
  static let list = Command(
    "models list", "A tenant's classifiers: what each learnt, how good it is, which answers", group: .tenants,
    options: [.tenant, .json]
  ) { arguments, console in
    let (entries, inForce, comparison) = try await inTenant(arguments, readOnly: true) { _, tx in
      let inForce = try ClassifierModels.inForce(tx)
      return (
        try ClassifierModels.list(tx), inForce,
        try inForce[.challenger].map { try ClassifierModels.comparison($0, tx) }
      )
    }
    if arguments.has("json") {
      console.line(JSONValue.array(entries.map { json($0, inForce) }).text)
      return .success
    }
    var table = TextTable([
      TextTable.Column("number", .right), TextTable.Column("trained"), TextTable.Column("precedents", .right),
      TextTable.Column("right of held back"), TextTable.Column("content"), TextTable.Column("in force as"),
    ])
    for entry in entries {
      let right = entry.quality.objectValue.map { quality in
        "\(text(quality["right"])) of \(text(quality["heldBack"])), champion \(text(quality["championRight"]))"
      }
      table.add(
        "\(entry.number)", entry.trainedAt.toTheMinute, "\(entry.precedentCount)", right ?? "",
        String(Hex.encode(entry.contentHash).prefix(12)), role(entry.number, inForce) ?? "")
    }
    console.print(table.text(console))
    if let comparison {
      console.line(
        "The challenger agreed in \(comparison.agreeing) of \(comparison.answers) cases; of \(comparison.decided) that "
          + "people decided it had \(comparison.challengerRight) right, what answered \(comparison.championRight).")
    }
    return .success
  }

  static let use = Command(
    "models use", "Let another of a tenant's classifiers answer, without a restart", group: .tenants,
    operands: [Operand("NUMBER", "as 'pabean models list' shows it; 0 for the knowledge alone")],
    options: [
      .tenant, Option("beside", nil, "as challenger: it answers beside, and its answers are only compared"),
      Option("reason", "TEXT", "why, for the history", isRequired: true), .actor,
    ]
  ) { arguments, console in
    guard let number = Int64(arguments.operands[0]), number >= 0 else {
      throw UsageError("'\(arguments.operands[0])' is not a number", command: "models use")
    }
    let role: ClassifierModels.Role = arguments.has("beside") ? .challenger : .champion
    let (reason, actor) = (arguments.required("reason"), OperatorSettings.actor(arguments))
    try await inTenant(arguments) { tenant, tx in
      guard try number == 0 || ClassifierModels.recipe(number, tx) != nil else {
        throw Failure("\(tenant) has no classifier \(number)", remedy: "pabean models list")
      }
      try activate(number == 0 ? nil : number, as: role, reason, actor, tenant, tx)
    }
    console.line(
      number == 0 ? "Nobody is \(role.rawValue) any more." : "Classifier \(number) is \(role.rawValue) from now on.")
    return .success
  }

  // MARK: Training

  /// Learns the tenant's precedents. The new model answers only if it beats the one in force on those held back.
  static func train(_ arguments: Arguments, _ console: Console) async throws -> ExitCode {
    let base = try ClassifierFiles.model()
    let actor = OperatorSettings.actor(arguments)
    let staysBeside = arguments.has("beside")
    let (standing, champion) = try await inTenant(arguments, readOnly: true) { _, tx in
      let standing = try Precedents.changes(since: .beginning, tx).standing
      let recipe = try ClassifierModels.inForce(tx)[.champion].flatMap { try ClassifierModels.recipe($0, tx) }
      return (standing, try recipe.map { try Precedents.load($0.precedents, tx) })
    }
    let training = TenantTraining(standing.filter { base.knows($0.code) })
    guard training.lessons.count >= TenantTraining.least else {
      throw Failure(
        "\(training.lessons.count) precedents are too few to learn from; \(TenantTraining.least) are needed",
        remedy: "pabean precedents import FILE.csv")
    }
    let inForce = champion.map { TenantTraining(lessons: $0) }
    guard training.contentHash != inForce?.contentHash else {
      console.line("The classifier in force has learnt the same \(training.lessons.count) precedents.")
      return .success
    }
    let contest = training.contest(with: inForce, on: base)
    let recipe = ClassifierModels.Recipe(
      engine: base.version, contentHash: training.contentHash,
      precedents: training.lessons.map(\.id))
    let number = try await inTenant(arguments) { tenant, tx in
      let number = try ClassifierModels.add(recipe, quality: contest.json, by: actor, at: SystemClock.now(), tx)
      let reason = "\(contest.challenger.right) of \(contest.heldBack) right, before \(contest.champion.right)"
      if staysBeside {
        try activate(number, as: .challenger, reason, actor, tenant, tx)
      } else if contest.isWon {
        try activate(number, as: .champion, reason, actor, tenant, tx)
      }
      return number
    }
    let outcome =
      staysBeside
      ? "It answers beside the one in force."
      : contest.isWon ? "It answers from now on." : "It does not beat the one in force, which stays."
    console.line(
      "Classifier \(number) learnt \(training.lessons.count) precedents: \(contest.challenger.right) of "
        + "\(contest.heldBack) held back are right, \(contest.champion.right) with the one in force. \(outcome)")
    return .success
  }

  private static func activate(
    _ number: Int64?, as role: ClassifierModels.Role, _ reason: String, _ actor: Actor, _ tenant: TenantID,
    _ tx: borrowing Transaction
  ) throws {
    try ClassifierModels.activate(number, as: role, reason: reason, by: actor, at: SystemClock.now(), tx)
    try OperatorAudit.append(
      "classifier.activated", about: "classifier", by: actor,
      [
        "number": number.map { .integer($0) } ?? .null, "role": .string(role.rawValue), "reason": .string(reason),
      ], of: tenant, tx)
  }

  private static func inTenant<R: Sendable>(
    _ arguments: Arguments, readOnly: Bool = false,
    _ body: @escaping @Sendable (TenantID, borrowing Transaction) throws -> R
  ) async throws -> R {
    try await OperatorSettings.load().withDatabase { pool in
      let tenant = try await TenantChoice.resolve(arguments, pool)
      return try await pool.transaction(as: tenant, readOnly: readOnly) { tx in try body(tenant, tx) }
    }
  }

  private static func role(_ number: Int64, _ inForce: [ClassifierModels.Role: Int64]) -> String? {
    let roles = ClassifierModels.Role.allCases.filter { inForce[$0] == number }.map(\.rawValue)
    return roles.isEmpty ? nil : roles.joined(separator: ", ")
  }

  private static func text(_ value: JSONValue?) -> String { value?.text ?? "?" }

  private static func json(_ entry: ClassifierModels.Entry, _ inForce: [ClassifierModels.Role: Int64]) -> JSONValue {
    var object = JSONObject([
      ("number", .integer(entry.number)), ("engine", .string(entry.engine)),
      ("contentHash", .string(Hex.encode(entry.contentHash))), ("precedents", .integer(entry.precedentCount)),
      ("quality", entry.quality), ("trainedBy", entry.trainedBy.json), ("trainedAt", entry.trainedAt.json),
    ])
    object.set("role", role(entry.number, inForce).map { .string($0) })
    return .object(object)
  }
}

extension TenantTraining.Contest {
  fileprivate var json: JSONValue {
    [
      "heldBack": .integer(Int64(heldBack)), "right": .integer(Int64(challenger.right)),
      "championRight": .integer(Int64(champion.right)), "ece6": Share(challenger.calibrationError).json,
      "championEce6": Share(champion.calibrationError).json,
    ]
  }
}
