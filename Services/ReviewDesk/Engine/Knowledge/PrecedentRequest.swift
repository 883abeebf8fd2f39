import Domain

/// A precedent that a person wants to enter, read from the form.
public struct PrecedentRequest: Sendable {
  public var sku: String
  public var market: Market
  public var code: HSCode
  /// Whether the product has the code, or does not.
  public var isApproved: Bool
  public var reason: String

  public init(_ fields: FormFields) throws(Refusal) {
    var issues: [FieldFault] = []
    func require<Value>(_ name: String, _ remedy: Phrase, _ read: (String) -> Value?) -> Value? {
      let text = trimmed(fields[name] ?? "")
      guard !text.isEmpty, let value = read(text) else {
        issues.append(
          FieldFault(
            field: "/\(name)", problem: text.isEmpty ? "It is missing." : "This cannot be read.", remedy: remedy))
        return nil
      }
      return value
    }
    let sku = require("sku", "Name a product that has come in.") { $0.count <= 200 ? $0 : nil }
    let market = require("into", "Give a market such as SG.") { Market($0.uppercased()) }
    let code = require("code", "Give six digits or more, such as 6109.10.") { text in
      HSCode(text).flatMap { $0.digits.utf8.count >= 6 ? $0 : nil }
    }
    let outcome = require("outcome", "Say whether the product has this code.") {
      ["approved", "rejected"].contains($0) ? $0 : nil
    }
    let reason = require("reason", "Say why, in at most 500 characters.") { $0.count <= 500 ? $0 : nil }
    guard let sku, let market, let code, let outcome, let reason else {
      throw Refusal(.malformed, "The precedent cannot be entered.", issues)
    }
    self.sku = sku
    self.market = market
    self.code = code
    isApproved = outcome == "approved"
    self.reason = reason
  }

  /// A reason that stands alone, as for retiring a precedent or putting a version into force.
  public static func reason(_ fields: FormFields) throws(Refusal) -> String {
    let text = trimmed(fields["reason"] ?? "")
    guard (1...500).contains(text.count) else {
      throw Refusal(
        .malformed, "A reason is missing.",
        [
          FieldFault(
            field: "/reason", problem: "It is missing or too long.",
            remedy: "Say why, in at most 500 characters.")
        ])
    }
    return text
  }
}

private func trimmed(_ text: String) -> String {
  var rest = text[...]
  while rest.first?.isWhitespace == true { rest.removeFirst() }
  while rest.last?.isWhitespace == true { rest.removeLast() }
  return String(rest)
}
