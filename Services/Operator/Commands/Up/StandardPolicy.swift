import Domain
import Postgres
import Store

/// What a new tenant begins with: cautious enough for a seller who has decided nothing yet.
enum StandardPolicy {
  static let policy = Policy(
    name: "Standard",
    defaults: Policy.Settings(
      autoClearAt: Confidence(millionths: 900_000), suggestAt: Confidence(millionths: 400_000),
      requiredFields: ["origin", "unitValue"]),
    triggers: [
      Trigger(
        id: "arms", hsPrefixes: ["93"], reason: "Arms and ammunition are decided by a person.",
        roles: [.compliance]),
      Trigger(
        id: "medicines", hsPrefixes: ["3003", "3004"], reason: "Medicines are decided by a person.",
        roles: [.compliance]),
    ])

  /// - Returns: the version in force.
  static func activateWhereMissing(by actor: Actor, at now: Instant, _ tx: borrowing Transaction) throws -> Int64 {
    if let version = try PolicyStore.activeVersion(tx) { return version }
    let version = try PolicyStore.add(policy, by: actor, at: now, tx)
    try PolicyStore.activate(version: version, reason: "The standard policy of a new tenant.", by: actor, at: now, tx)
    return version
  }
}
