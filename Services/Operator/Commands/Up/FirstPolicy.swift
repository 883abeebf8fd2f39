import ComplianceScreeningEngine
import Domain
import Postgres
import Store

/// Puts a first policy into force where a tenant has none.
enum FirstPolicy {
  /// For the sample catalogue: all is new there, and its parties are looked up among fictitious ones.
  static let ofTheDemo: Policy = {
    var policy = Policy.starterWithoutNovelty
    policy.name = "demo"
    policy.requiredLists = .named([PartyList.sampleID])
    policy.review.undoSeconds = 10
    return policy
  }()

  /// - Returns: the version in force.
  static func activateWhereMissing(
    _ policy: Policy = .starter, by actor: Actor, at now: Instant, _ tx: borrowing Transaction
  ) throws -> Int64 {
    if let version = try PolicyStore.activeVersion(tx) { return version }
    let version = try PolicyStore.add(policy, by: actor, at: now, tx)
    try PolicyStore.activate(version: version, reason: "The first policy of a new tenant.", by: actor, at: now, tx)
    return version
  }
}
