/// Where each phrase stands in a product.
struct PhraseHits {
  struct Hit {
    var field: Int
    var range: Range<Int>
  }

  private var byPhrase: [[Hit]]

  init(_ text: ProductText, _ automaton: PhraseAutomaton) {
    var byPhrase = [[Hit]](repeating: [], count: automaton.phraseCount)
    for (index, field) in text.fields.enumerated() {
      automaton.matches(in: field.normalised.bytes) { match in
        byPhrase[match.phrase].append(Hit(field: index, range: match.range))
      }
    }
    self.byPhrase = byPhrase
  }

  /// The hits of any of the phrases that do not lie inside one of the excepted phrases. An exception excuses the words
  /// it covers and no others: `butter knife` does not excuse a dagger named in the next sentence.
  func hits(_ phrases: [Int], except: [Int]) -> [Hit] {
    var hits: [Hit] = []
    for phrase in phrases where !byPhrase[phrase].isEmpty {
      hits += byPhrase[phrase].filter { !isCovered($0, by: except) }
    }
    return hits
  }

  private func isCovered(_ hit: Hit, by except: [Int]) -> Bool {
    except.contains { phrase in
      byPhrase[phrase].contains { other in
        other.field == hit.field && other.range.lowerBound <= hit.range.lowerBound
          && hit.range.upperBound <= other.range.upperBound
      }
    }
  }
}
