/// Where each phrase stands in a product.
struct PhraseHits {
  struct Hit {
    var field: Int
    var range: Range<Int>
  }

  /// Of the few phrases that stand anywhere in it.
  private var byPhrase: [Int: [Hit]] = [:]
  /// The same phrases as bits, because hundreds of tests ask.
  private var mentioned: [UInt64]

  init(_ text: ProductText, _ automaton: PhraseAutomaton) {
    mentioned = [UInt64](repeating: 0, count: automaton.phraseCount / 64 + 1)
    for (index, field) in text.fields.enumerated() {
      automaton.matches(in: field.normalised.bytes) { match in
        byPhrase[match.phrase, default: []].append(Hit(field: index, range: match.range))
        mentioned[match.phrase / 64] |= 1 << UInt64(match.phrase % 64)
      }
    }
  }

  /// The hits of any of the phrases that do not lie inside one of the excepted phrases. An exception excuses the words
  /// it covers and no others: `butter knife` does not excuse a dagger named in the next sentence.
  func hits(_ phrases: [Int], except: [Int]) -> [Hit] {
    var hits: [Hit] = []
    for phrase in phrases where isMentioned(phrase) {
      let found = byPhrase[phrase] ?? []
      hits += found.filter { !isCovered($0, by: except) }
    }
    return hits
  }

  /// Whether any of the phrases stands anywhere, be it excepted or not.
  func mentions(_ phrases: [Int]) -> Bool { phrases.contains(where: isMentioned) }

  private func isMentioned(_ phrase: Int) -> Bool { mentioned[phrase / 64] & (1 << UInt64(phrase % 64)) != 0 }

  private func isCovered(_ hit: Hit, by except: [Int]) -> Bool {
    except.contains { phrase in
      byPhrase[phrase]?.contains { other in
        other.field == hit.field && other.range.lowerBound <= hit.range.lowerBound
          && hit.range.upperBound <= other.range.upperBound
      } ?? false
    }
  }
}
