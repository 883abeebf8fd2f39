/// The words of a text, folded: lower case, no accents, no punctuation. Scripts without spaces (Thai, Chinese,
/// Japanese, Korean) give one token per run of letters; the features cut those into n-grams.
struct TokenStream {
  enum Kind: UInt8 { case word, mixed, number, thai, ideograph }

  struct Token {
    var start: Int32
    var end: Int32
    var kind: Kind
    var field: Field
    /// Whether a comma, bracket or the like stood before it.
    var opensPhrase: Bool
    /// Tells words apart that differ in their accents alone, as in Vietnamese; 0 where there are none.
    var accents: UInt32
  }

  /// UTF-8 of all tokens, end to end.
  private(set) var bytes: [UInt8] = []
  private(set) var tokens: [Token] = []

  init() {}
  init(_ text: String) { append(text, field: .title) }

  var words: [String] { tokens.indices.map { text(at: $0) } }

  func text(at index: Int) -> String { String(decoding: letters(at: index), as: UTF8.self) }

  func letters(at index: Int) -> ArraySlice<UInt8> { bytes[Int(tokens[index].start)..<Int(tokens[index].end)] }

  func hash(at index: Int) -> UInt32 {
    bytes.withUnsafeBufferPointer {
      FeatureHash.of($0, Int(tokens[index].start)..<Int(tokens[index].end), seed: .word)
    }
  }

  /// The same text without some tokens: what opened a phrase still does.
  func keeping(_ isKept: (_ index: Int) -> Bool) -> TokenStream {
    var kept = self
    kept.tokens = []
    var opensPhrase = false
    for index in tokens.indices {
      var token = tokens[index]
      opensPhrase = opensPhrase || token.opensPhrase
      guard isKept(index) else { continue }
      token.opensPhrase = opensPhrase
      kept.tokens.append(token)
      opensPhrase = false
    }
    return kept
  }

  mutating func append(_ text: String, field: Field) {
    var scanner = Scanner(field: field, start: bytes.count)
    for scalar in text.unicodeScalars {
      switch LetterClass.of(scalar) {
      case .ascii(let byte): scanner.take(byte, into: &self)
      case .folded(let letters):
        scanner.accent(scalar, before: bytes.count)
        for byte in letters { scanner.take(byte, into: &self) }
      case .ignored: continue
      case .other(let kind): scanner.take(scalar, kind: kind, into: &self)
      case .space: scanner.finish(into: &self)
      case .punctuation:
        scanner.finish(into: &self)
        scanner.opensPhrase = true
      }
    }
    scanner.finish(into: &self)
  }

  private struct Scanner {
    let field: Field
    var start: Int
    var hasLetters = false
    var hasDigits = false
    var run: Kind?
    var opensPhrase = true
    var accents: UInt32 = 0

    init(field: Field, start: Int) {
      self.field = field
      self.start = start
    }

    /// The same letter in either case has the same accents.
    mutating func accent(_ scalar: Unicode.Scalar, before end: Int) {
      let lower = scalar.properties.lowercaseMapping.unicodeScalars.first ?? scalar
      let mark = lower.value &* 0x9E37_79B1 ^ UInt32(truncatingIfNeeded: end - (run == nil ? start : end))
      accents = (accents ^ mark) &* 0x0100_0193
    }

    mutating func take(_ byte: UInt8, into stream: inout TokenStream) {
      if run != nil { finish(into: &stream) }
      if byte < UInt8(ascii: "a") { hasDigits = true } else { hasLetters = true }
      stream.bytes.append(byte)
    }

    mutating func take(_ scalar: Unicode.Scalar, kind: Kind, into stream: inout TokenStream) {
      if kind == .word {
        if run != nil { finish(into: &stream) }
        hasLetters = true
      } else if run != kind {
        finish(into: &stream)
        run = kind
      }
      stream.bytes.append(contentsOf: UTF8.encode(kind == .ideograph ? SimplifiedCharacters.of(scalar) : scalar)!)
    }

    mutating func finish(into stream: inout TokenStream) {
      let end = stream.bytes.count
      if end > start {
        let kind: Kind = run ?? (hasLetters ? (hasDigits ? .mixed : .word) : .number)
        stream.tokens.append(
          Token(
            start: Int32(start), end: Int32(end), kind: kind, field: field, opensPhrase: opensPhrase, accents: accents))
        opensPhrase = false
      }
      start = end
      accents = 0
      hasLetters = false
      hasDigits = false
      run = nil
    }
  }
}
