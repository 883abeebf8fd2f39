import Domain

/// That a case is gold from now on: its right answer, and why it is right.
public struct GoldRequest: Hashable, Sendable {
  /// nil where the product is not to be cleared.
  public var code: HSCode?
  public var why: String

  public init(_ fields: FormFields) throws(Refusal) {
    let text = (fields["code"] ?? "").filter { !$0.isWhitespace }
    if !text.isEmpty {
      guard let code = HSCode(text), code.digits.utf8.count >= 6 else {
        throw Refusal(
          .malformed, "The right code has six digits or more; leave it empty where the product is not to be cleared.")
      }
      self.code = code
    }
    why = fields["why"] ?? ""
    guard why.contains(where: { !$0.isWhitespace }), why.count <= 500 else {
      throw Refusal(.malformed, "Say why the answer is right, in at most 500 characters.")
    }
  }
}
