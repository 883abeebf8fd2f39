import Contracts
import Crypto
import DocumentGenerationEngine
import Domain
import Postgres
import Store

/// A shipment whose lines are all decided, with what was decided about each.
struct ReadyShipment: Sendable {
  var stored: StoredShipment
  var lines: [StoredLine]
  var cases: [CaseID: DecidedCase]
  var tenantName: String

  var id: ShipmentID { stored.id }

  static func load(_ ids: [ShipmentID], _ tx: borrowing Transaction) throws -> [ShipmentID: ReadyShipment] {
    guard !ids.isEmpty else { return [:] }
    let lines = Dictionary(grouping: try ShipmentStore.lines(of: ids, tx), by: \.shipmentID)
    let cases = try DecidedCase.load(lines.values.flatMap { $0.compactMap(\.caseID) }, tx)
    let name = try tx.query("SELECT display_name FROM tenant WHERE tenant = current_setting('app.tenant')")
      .first(String.self)
    return try ShipmentStore.load(ids, tx).mapValues { stored in
      let own = lines[stored.id] ?? []
      let needed = Set(own.compactMap(\.caseID))
      return ReadyShipment(
        stored: stored, lines: own, cases: cases.filter { needed.contains($0.key) }, tenantName: name ?? "")
    }
  }

  func documents(sandbox: Bool, now: Instant) throws(DocumentError) -> [StoredDocument] {
    let input = ShipmentDocumentInput(
      tenantName: tenantName, shipment: stored.shipment, decidedLines: decidedLines,
      documentNumber: stored.shipment.reference, issuedAt: now, sandbox: sandbox, status: .issued)
    return try DocumentSet.generate(input).map { document in
      let kind = document.kind == .commercialInvoice ? "commercial-invoice" : "packing-list"
      return StoredDocument(
        id: DerivedID.document(id.description, kind: "\(kind).\(document.format.rawValue)", sequence: 1),
        subject: id.value, kind: kind, name: document.name, mediaType: document.mediaType,
        sha256: Hex.decode(document.sha256) ?? SHA256.hash(document.bytes).bytes, bytes: document.bytes)
    }
  }

  private var decidedLines: [Int: ShipmentDocumentInput.DecidedLine] {
    var decided: [Int: ShipmentDocumentInput.DecidedLine] = [:]
    for line in lines {
      guard let found = line.caseID.flatMap({ cases[$0] }), let code = found.decision.code else { continue }
      let wanted = stored.shipment.lines.first { $0.number == line.number }
      guard let origin = wanted?.origin ?? found.stored.product.origin else { continue }
      let title = found.classification.candidates.first { $0.code == code }?.title ?? ""
      decided[line.number] = .init(
        code: code, codeTitle: title, titles: found.stored.product.titles, origin: origin, decisionID: found.decision.id
      )
    }
    return decided
  }
}
