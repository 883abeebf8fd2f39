/// What is wrong with a draft, as the readers of JSON say it in English, to be read in the reader's language.
enum DraftWords {
  /// As it is where it is none of these.
  static func phrase(of text: String) -> Phrase { known(text) ?? .verbatim(sentence(text)) }

  static func known(_ text: String) -> Phrase? {
    let sentence = sentence(text)
    return patterns.lazy.compactMap { $0.matching(sentence) }.first
  }

  /// With a capital and a full stop.
  private static func sentence(_ text: String) -> String {
    let isClosed = text.last.map { ".!?".contains($0) } ?? true
    return text.prefix(1).uppercased() + text.dropFirst() + (isClosed ? "" : ".")
  }

  /// The particular before the general; what stands between their words is anything.
  private static let patterns: [Phrase] = [
    "A control character must be escaped.",
    "A key stands twice.",
    "A key was expected.",
    "A value was expected.",
    "Add what it looks for, such as hsPrefixes, words, valueAbove or newSupplier.",
    "Belongs to the effect requireDocument, and to it alone.",
    "Ends before it begins.",
    "Four hexadecimal digits were expected.",
    "Give each trigger its own id.",
    "Is missing.",
    "Is not a known field.",
    "Is not known here; use one of \("").",
    "Lone surrogate.",
    "Must ask for something; an empty test would speak for every product.",
    "Must be 2 to 12 digits of a tariff code.",
    "Must be a date such as 2026-01-31.",
    "Must be a decimal number such as 12.50.",
    "Must be a list.",
    "Must be a market such as SG.",
    "Must be a number above zero.",
    "Must be a number from 0 to a trillion with at most six decimals.",
    "Must be a number.",
    "Must be a percentage from 0 to 1000 with at most six decimals.",
    "Must be a probability from 0 to 1 with at most six decimals.",
    "Must be a whole number.",
    "Must be an ISO 3166-1 country such as CN.",
    "Must be an ISO 4217 currency such as USD.",
    "Must be an amount with at most \("") decimals.",
    "Must be an object.",
    "Must be more than above, or no number would pass.",
    "Must be more than valueAbove, or no value would pass.",
    "Must be one of \("").",
    "Must be text.",
    "Must be true or false.",
    "Must hold at least one name.",
    "Must hold at least one test.",
    "Must name at least one role.",
    "Must not be empty.",
    "Must say what the instrument asks.",
    "Must set above, atMost or both.",
    "Must set kind, quantityAbove or valueAbove.",
    "Name the roles that decide.",
    "Nested deeper than \("").",
    "Not UTF-8.",
    "Nothing may follow the document.",
    "Set suggestAt at or below autoClearAt.",
    "Stands twice.",
    "SuggestAt \("") is above autoClearAt \("").",
    "The id '\("")' stands twice.",
    "The key '\("")' stands twice.",
    "The string does not end.",
    "The trigger names nothing to look for.",
    "There is no product field '\("")'.",
    "Two people must agree, and no role is named.",
    "Unexpected end.",
    "Unknown escape.",
    "'\("")' must be a market such as SG.",
    "Use one of \("").",
    "Must be \("").",
    "\("") was expected.",
  ]
}
