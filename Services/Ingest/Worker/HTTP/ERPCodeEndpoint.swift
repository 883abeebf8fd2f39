import Crypto
import Domain
import HTTP
import JSON
import Postgres
import Store
import WorkerRuntime

/// `PUT /v1/products/{sku}/codes/{market}`: which code the ERP holds now. Write-back replaces no other than this one.
struct ERPCodeEndpoint: Sendable {
  private static let skuCharactersMax = 100

  let markets: [Market]
  let transaction: IntakeTransaction

  func report(_ call: Call) async throws -> HTTPResponse {
    let sku = call.parameter("sku")
    guard sku.unicodeScalars.count <= ERPCodeEndpoint.skuCharactersMax else {
      throw RequestRefusal.notFound("product")
    }
    guard let market = Market(call.parameter("market").uppercased()), markets.contains(market) else {
      throw RequestRefusal.notFound("market")
    }
    let code = try ERPCodeEndpoint.code(in: try call.request.json())
    let answer: JSONValue = [
      "sku": .string(sku), "market": market.json, "code": code?.json ?? .null, "reportedAt": call.now.json,
    ]
    return try await transaction.once(call, nil) { tx in
      try ERPValues.report(sku: sku, market: market, code: code, at: call.now, tx)
      var effects = StoredEffects()
      effects.audit = [
        AuditLog.Entry(
          subject: ERPCodeEndpoint.subject(call, sku, market), kind: "erp-code.reported", actor: call.caller.actor,
          at: call.now, data: ["sku": .string(sku), "market": market.json, "code": code?.json ?? .null])
      ]
      return Outcome(status: 200, answer, effects: effects)
    }
  }

  private static func code(in json: JSONValue) throws(Problem) -> HSCode? {
    switch json["code"] {
    case .null: return nil
    case .string(let text):
      if let code = HSCode(text) { return code }
      throw invalid("The code is not a tariff code of 2 to 12 digits.")
    default: throw invalid("There is no code here.")
    }
  }

  private static func invalid(_ detail: String) -> Problem {
    Problem(
      status: 422,
      errors: [
        .init(
          pointer: "/code", detail: detail,
          remedy: "Send {\"code\": \"6109100000\"}, or {\"code\": null} when the ERP holds none.")
      ])
  }

  /// What the audit log calls this SKU in this market.
  private static func subject(_ call: Call, _ sku: String, _ market: Market) -> UniqueID {
    let parts = ["erp-code", call.tenant.slug, call.caller.environment.rawValue, sku, market.code]
    return UniqueID(digest: SHA256.hash(parts.joined(separator: "\u{1F}")).bytes)
  }
}
