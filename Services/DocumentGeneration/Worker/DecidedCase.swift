import Contracts
import Crypto
import DocumentGenerationEngine
import Domain
import Postgres
import Store

/// A case with everything that its decision rests on.
struct DecidedCase: Sendable {
  var stored: StoredCase
  var classification: Classification
  var result: ScreeningStore.Result
  var decision: Decision

  static func load(_ ids: [CaseID], _ tx: borrowing Transaction) throws -> [CaseID: DecidedCase] {
    guard !ids.isEmpty else { return [:] }
    let classifications = try ClassificationStore.latest(ids, tx)
    let results = try ScreeningStore.latest(ids, tx)
    let decisions = try DecisionStore.latest(ids, tx)
    var decided: [CaseID: DecidedCase] = [:]
    for (id, stored) in try CaseStore.load(ids, tx) {
      guard let classification = classifications[id], let result = results[id], let decision = decisions[id] else {
        continue
      }
      decided[id] = DecidedCase(
        stored: stored, classification: classification, result: result, decision: decision)
    }
    return decided
  }

  func record(tenant: TenantID, environment: Domain.Environment) -> StoredDocument {
    let record = DecisionRecord(
      caseID: stored.id, tenant: tenant, environment: environment,
      product: .init(revisionID: stored.revisionID, contentHash: Hex.encode(stored.contentHash)),
      market: stored.market, classification: classification, screening: result.screening,
      routing: .init(lane: result.routing.lane.rawValue, reasons: result.routing.reasons.map(\.text)),
      decision: .init(
        id: decision.id, kind: decision.kind.rawValue, code: decision.code, decidedBy: decision.decidedBy.name,
        decidedAt: decision.decidedAt, reason: decision.reason),
      versions: .init(
        model: classification.modelVersion, policy: String(result.routing.policyVersion),
        packs: [result.screening.packVersion], lists: result.screening.listVersions))
    let bytes = record.canonicalBytes
    return StoredDocument(
      id: DerivedID.document(decision.id.description, kind: "decision-record", sequence: decision.sequence),
      subject: stored.id.value, kind: "decision-record",
      name: "decision-\(decision.id)-\(decision.sequence).json", mediaType: "application/json",
      sha256: SHA256.hash(bytes).bytes, bytes: bytes)
  }
}

extension StoredDocument {
  var sha256Hex: String { Hex.encode(sha256) }
}
