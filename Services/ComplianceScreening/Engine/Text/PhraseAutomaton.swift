/// Finds all of many phrases in one pass over normalised text (Aho-Corasick). Latin phrases stand for whole words, with
/// an English plural allowed; scripts that do not separate words are matched anywhere.
struct PhraseAutomaton: Sendable {
  struct Match {
    var phrase: Int
    var range: Range<Int>
  }

  private var firstChild: [Int32] = [0]
  private var nextSibling: [Int32] = [0]
  private var label: [UInt8] = [0]
  private var fallback: [Int32] = [0]
  /// The phrase that ends here, or -1.
  private var phraseAt: [Int32] = [-1]
  /// The next shorter node on the fallback path at which a phrase ends, or 0.
  private var shorterPhrase: [Int32] = [0]
  private var rootChild = [Int32](repeating: 0, count: 256)
  private var lengths: [Int32] = []
  private var phraseOf: [String: Int] = [:]

  /// The number by which matches name the phrase; equal phrases share one. nil when nothing is left to look for.
  mutating func add(_ text: String) -> Int? {
    if let known = phraseOf[text] { return known }
    let bytes = NormalisedText(text).bytes
    guard !bytes.isEmpty else { return nil }
    let node = insert(bytes)
    if phraseAt[node] < 0 {
      phraseAt[node] = Int32(lengths.count)
      lengths.append(Int32(bytes.count))
    }
    phraseOf[text] = Int(phraseAt[node])
    return Int(phraseAt[node])
  }

  var phraseCount: Int { lengths.count }

  private mutating func insert(_ bytes: [UInt8]) -> Int {
    var node = 0
    for byte in bytes {
      let child = child(of: node, byte)
      node = child != 0 ? child : addChild(of: node, byte)
    }
    return node
  }

  private func child(of node: Int, _ byte: UInt8) -> Int {
    if node == 0 { return Int(rootChild[Int(byte)]) }
    var child = firstChild[node]
    while child != 0, label[Int(child)] != byte { child = nextSibling[Int(child)] }
    return Int(child)
  }

  private mutating func addChild(of node: Int, _ byte: UInt8) -> Int {
    let child = Int32(label.count)
    label.append(byte)
    firstChild.append(0)
    nextSibling.append(firstChild[node])
    firstChild[node] = child
    fallback.append(0)
    phraseAt.append(-1)
    shorterPhrase.append(0)
    if node == 0 { rootChild[Int(byte)] = child }
    return Int(child)
  }

  /// To be called once, after the last phrase.
  mutating func finish() {
    var queue: [Int] = [0]
    var head = 0
    while head < queue.count {
      let node = queue[head]
      head += 1
      var child = Int(firstChild[node])
      while child != 0 {
        if node != 0 { link(child, parent: node) }
        queue.append(child)
        child = Int(nextSibling[child])
      }
    }
    phraseOf = [:]
  }

  private mutating func link(_ node: Int, parent: Int) {
    let target = step(from: Int(fallback[parent]), label[node])
    fallback[node] = Int32(target)
    shorterPhrase[node] = phraseAt[target] >= 0 ? Int32(target) : shorterPhrase[target]
  }

  private func step(from start: Int, _ byte: UInt8) -> Int {
    var node = start
    while true {
      let child = child(of: node, byte)
      if child != 0 || node == 0 { return child }
      node = Int(fallback[node])
    }
  }

  func matches(in text: [UInt8], _ found: (Match) -> Void) {
    var node = 0
    for (position, byte) in text.enumerated() {
      node = step(from: node, byte)
      var ending = phraseAt[node] >= 0 ? node : Int(shorterPhrase[node])
      while ending != 0 {
        let phrase = Int(phraseAt[ending])
        let range = position + 1 - Int(lengths[phrase])..<position + 1
        if let whole = wholeWords(text, range) { found(Match(phrase: phrase, range: whole)) }
        ending = Int(shorterPhrase[ending])
      }
    }
  }

  /// The range with its plural ending, or nil when it is only a part of a longer Latin word.
  private func wholeWords(_ text: [UInt8], _ range: Range<Int>) -> Range<Int>? {
    if isLatin(text[range.lowerBound]), range.lowerBound > 0, isLatin(text[range.lowerBound - 1]) { return nil }
    guard isLatin(text[range.upperBound - 1]) else { return range }
    var end = range.upperBound
    if end == text.count || !isLatin(text[end]) { return range }
    if text[end] == UInt8(ascii: "e") { end += 1 }
    if end < text.count, text[end] == UInt8(ascii: "s") { end += 1 } else { return nil }
    return end == text.count || !isLatin(text[end]) ? range.lowerBound..<end : nil
  }

  private func isLatin(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}
