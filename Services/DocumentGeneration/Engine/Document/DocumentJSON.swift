import Domain
import JSON

/// The same content as the PDF, for machines.
struct DocumentJSON {
  let kind: GeneratedDocument.Kind
  let input: ShipmentDocumentInput
  let figures: ShipmentFigures
  let inputHash: String

  var bytes: [UInt8] { json.canonicalBytes }

  private var json: JSONValue {
    var object = JSONObject([
      ("formatVersion", .integer(DocumentSet.formatVersion)), ("documentType", .string(kind.rawValue)),
      ("documentNumber", .string(input.documentNumber)), ("issuer", .string(input.tenantName)),
      ("issuedAt", input.issuedAt.json), ("status", .string(input.status.rawValue)),
      ("sandbox", .bool(input.sandbox)), ("inputHash", .string(inputHash)), ("shipment", .object(header)),
      ("lines", .array(figures.lines.map { .object(json(of: $0)) })), ("totals", .object(totals)),
    ])
    if !input.shipment.packages.isEmpty { object["packages"] = .list(input.shipment.packages) }
    object["declaration"] = .string(Declaration.text(kind))
    return .object(object)
  }

  private var header: JSONObject {
    let shipment = input.shipment
    var object = JSONObject([
      ("reference", .string(shipment.reference)), ("market", shipment.market.json), ("seller", shipment.seller.json),
      ("consignee", shipment.consignee.json),
    ])
    object.set("orderDate", shipment.orderDate?.json)
    object.set("exportCountry", shipment.exportCountry?.json)
    object.set("transportMode", shipment.transportMode.map { .string($0) })
    object.set("incoterm", shipment.incoterm.map { .string($0) })
    object.set("incotermPlace", shipment.incotermPlace.map { .string($0) })
    if kind == .commercialInvoice { object["currency"] = shipment.currency.json }
    return object
  }

  private func json(of line: ShipmentFigures.Line) -> JSONObject {
    var object = JSONObject([
      ("number", .integer(Int64(line.source.number))), ("sku", .string(line.source.sku)),
      ("titles", .list(line.decided.titles)), ("code", .string(line.decided.code.dotted)),
      ("codeTitle", .string(line.decided.codeTitle)), ("origin", line.decided.origin.json),
      ("originName", .string(CountryName.of(line.decided.origin))), ("quantity", line.source.quantity.json),
      ("unit", .string(line.source.unit)), ("decisionID", line.decided.decisionID.json),
    ])
    object.set("description", line.source.description.map { .string($0) })
    object.set("netWeightGrams", line.source.netWeightGrams?.json)
    switch kind {
    case .commercialInvoice:
      object["unitPrice"] = line.source.unitPrice.json
      object["amount"] = line.amount.json
    case .packingList:
      object["packages"] = .strings(line.packageMarks)
    }
    return object
  }

  private var totals: JSONObject {
    var object = JSONObject([
      ("packages", .integer(Int64(input.shipment.packages.count))),
      ("quantities", .array(figures.quantities.map { ["unit": .string($0.unit), "quantity": $0.quantity.json] })),
    ])
    object.set("netWeightGrams", figures.netWeightGrams?.json)
    object.set("grossWeightGrams", figures.grossWeightGrams?.json)
    if kind == .commercialInvoice {
      object["goods"] = figures.goods.json
      object.set("freight", input.shipment.freight?.json)
      object.set("insurance", input.shipment.insurance?.json)
      object.set("total", figures.total?.json)
    }
    return object
  }
}
