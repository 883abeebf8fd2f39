import Domain

/// What the stages themselves say about a case, in English as it is kept, to be read in the reader's language. What the rules
/// of a market or of the house say stays as whoever wrote them has it.
enum StageWords {
  /// nil where it is none of these.
  static func known(_ text: String) -> Phrase? {
    patterns.lazy.compactMap { $0.matching(text) }.first?.mapTexts { text in
      Confidence(described: text).map { .phrase(Share.percent($0.probability)) }
    }
  }

  /// A code and how sure it was, as a finding saw it.
  static func seen(_ text: String) -> Phrase? {
    let pattern: Phrase = "\("") at \("")"
    guard let found = pattern.matching(text), case .text(let stated)? = found.arguments.last,
      let confidence = Confidence(described: stated)
    else { return nil }
    return found.mapTexts { $0 == stated ? .text(confidence.percent) : nil }
  }

  /// The particular before the general; what stands between their words is anything.
  private static let patterns: [Phrase] = [
    "The description says too little to classify.",
    "The classifier found no candidate code.",
    "Confidence \("") is below \(""): no code is suggested.",
    "Confidence \("") is below the \("") needed to clear without a person.",
    "Too few decisions prove how often answers like this are wrong: the error budget of \("") cannot be held.",
    "Of answers as sure as this up to \("") are wrong, above the error budget of \("").",
    "The market's rules could not be consulted.",
    "Duty and taxes are not known, and the policy clears nothing without them.",
    "The policy requires '\("")', and the product has none.",
    "Two people must agree: \("")",
    "Confidence \("") reaches \("") and no control objects.",
    "The duty estimate for \("") is incomplete.",
    "The duty estimate rests on a rate whose time is over.",
    "The code here, \(""), and that of other markets differ beyond national digits: \("")",
    "\("") declares \("") digits: national digits to be confirmed among \("").",
    "\("") declares \("") digits: national digits to be confirmed.",
    "Arms, ammunition or explosives.",
    "Medicines and pharmaceutical goods.",
    "Alcohol or tobacco.",
    "A material that most authorities restrict.",
    "A value of more than 1,000 US dollars, or one in another currency.",
    "Dangerous goods in transport.",
    "A brand's rights may be infringed.",
    "Duty of more than half the customs value.",
    "Nothing of this supplier has been cleared before, or no supplier is named.",
    "Nothing has been cleared for this market before.",
    "Waits for the supplier's answer: \("")",
    "The supplier answered: \("")",
    "Two people decided this case differently.",
  ]
}

extension Confidence {
  /// As `description` writes it.
  fileprivate init?(described text: String) {
    guard let decimal = Decimal(text), decimal >= 0, decimal <= 1 else { return nil }
    self.init(millionths: Int32((decimal.rounded(places: 6, .down) * 1_000_000).coefficient))
    guard description == text else { return nil }
  }
}
