import Domain
import JSON
import Postgres
import Store

enum ProductCommands {
  static let show = Command(
    "product show", "One product over all its markets: code, confidence, restrictions, duty", group: .work,
    operands: [Operand("SKU", "as it was submitted")], options: [.tenant, .json]
  ) { arguments, console in
    let sku = arguments.operands[0]
    let matrix = try await OperatorSettings.load().withDatabase { pool in
      let tenant = try await TenantChoice.resolve(arguments, pool)
      return try await pool.transaction(as: tenant, readOnly: true) { tx in try MarketMatrixStore.load(sku: sku, tx) }
    }
    guard let matrix else {
      throw Failure("there is no product '\(sku)'", remedy: "'pabean case list --all' shows what there is")
    }
    if arguments.has("json") {
      console.line(matrix.json.text)
    } else {
      console.print(MarketMatrixReport(matrix: matrix).text(console))
    }
    return .success
  }
}
