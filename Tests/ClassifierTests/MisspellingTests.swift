import Domain
import Testing

@testable import ClassifierEngine

@Suite struct MisspellingTests {
  private func meant(by word: String) -> Int32? {
    let entries = [("sticker", 1, 108), ("stickers", 1, 40), ("stickler", 2, 3), ("battery", 3, 90), ("sock", 4, 500)]
      .map {
        (hash: hash(of: $0.0), feature: Int32($0.1), texts: Int32($0.2))
      }
    return Array(word.utf8).withUnsafeBufferPointer { Misspellings(entries).meant(by: $0, $0.indices) }
  }

  private func hash(of word: String) -> UInt32 {
    Array(word.utf8).withUnsafeBufferPointer { FeatureHash.stem($0, Stem.range(of: $0, $0.indices)) }
  }

  @Test(arguments: ["stikcer", "stcker", "sticcker", "stucker", "stickwr", "stickesr"])
  func `a letter left out, put in, changed or exchanged is seen through`(word: String) {
    #expect(meant(by: word) == 1)
  }

  @Test func `the word that stands in more texts is meant, in its plural too`() {
    #expect(meant(by: "stickeer") == 1)
    #expect(meant(by: "batteires") == 3)
  }

  @Test(arguments: ["socj", "ticker", "stkicre", "kickers", ""])
  func `short words, other first letters and two mistakes are left alone`(word: String) {
    #expect(meant(by: word) == nil)
  }

  @Test(arguments: ["cermic coffee mug", "ceramic coffe mug", "cearmic coffee mug"])
  func `a misspelt article is found`(title: String) {
    #expect(SharedModel.classify(title).best?.code.digits == "691200")
  }
}
