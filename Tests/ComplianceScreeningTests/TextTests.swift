import Domain
import Testing

@testable import ComplianceScreeningEngine

struct TextTests {
  @Test(arguments: [
    ("Café-Crème", "cafe creme"), ("  RƯỢU  vang ", "ruou vang"), ("e\u{301}tude", "etude"), ("Straße", "strasse"),
    ("ＡＢＣ　１２", "abc 12"), ("zero\u{200B}width", "zerowidth"), ("บุหรี่ไฟฟ้า!", "บุหรี่ไฟฟ้า"), ("МОСКВА", "москва"), ("", ""),
  ])
  func `text is compared in one form`(_ text: String, _ form: String) {
    #expect(String(decoding: NormalisedText(text).bytes, as: UTF8.self) == form)
  }

  /// The automaton against the plainest search there is.
  @Test func `the automaton finds what a plain search finds`() {
    var generator = SeededGenerator(seed: 42)
    let letters = ["a", "b", "s", " ", "é", "电"]
    func text(_ length: ClosedRange<Int>) -> String {
      (0..<Int.random(in: length, using: &generator)).map { _ in letters.randomElement(using: &generator) ?? "" }
        .joined()
    }
    for _ in 0..<400 {
      let phrases = (0..<6).map { _ in text(1...4) }
      var automaton = PhraseAutomaton()
      let numbers = phrases.map { automaton.add($0) }
      automaton.finish()
      let sample = NormalisedText(text(0...40)).bytes
      var found: Set<Int> = []
      automaton.matches(in: sample) { found.insert($0.phrase) }
      for (phrase, number) in zip(phrases, numbers) {
        guard let number else { continue }
        let expected = TextTests.contains(NormalisedText(phrase).bytes, in: sample)
        #expect(found.contains(number) == expected, "'\(phrase)' in '\(String(decoding: sample, as: UTF8.self))'")
      }
    }
  }

  private static func contains(_ phrase: [UInt8], in text: [UInt8]) -> Bool {
    func isLatin(_ at: Int) -> Bool { text.indices.contains(at) && (97...122).contains(text[at]) }
    guard phrase.count <= text.count else { return false }
    return (0...text.count - phrase.count).contains { start in
      let end = start + phrase.count
      guard text[start..<end].elementsEqual(phrase) else { return false }
      if isLatin(start), isLatin(start - 1) { return false }
      guard isLatin(end - 1), isLatin(end) else { return true }
      let s = UInt8(ascii: "s")
      if text[end] == s { return !isLatin(end + 1) }
      return text[end] == UInt8(ascii: "e") && text.indices.contains(end + 1) && text[end + 1] == s && !isLatin(end + 2)
    }
  }

  @Test(arguments: [
    ("20000mAh 3.7V", "74"), ("20,000 mAh / 3.7 V", "74"), ("20.000 mAh", "74"), ("Capacity: 10000mAh 7.4V", "74"),
    ("99.9Wh", "99.9"), ("99,9 Wh", "99.9"), ("1.2 kWh station", "1200"), ("36V 10Ah e-bike battery", "360"),
    ("5000mAh, 19.25Wh", "19.25"), ("2x18650 2600mAh", "9.62"),
    ("移动电源 50000毫安 3.7V", "185"), ("户外电源 1000瓦时", "1000"), ("储能 1.5千瓦时 220V", "1500"),
    ("แบตเตอรี่สำรอง 40000 มิลลิแอมป์", "148"), ("Power station, 500 watt hours", "500"),
  ])
  func `a battery's energy is read from the text`(_ title: String, _ wattHours: String) {
    let text = ProductText(Fixtures.product(title))
    #expect(Measurements(text).values(.wattHours).map(\.amount) == [Fixtures.decimal(wattHours)])
  }

  @Test(arguments: [
    ("Whisky 40% vol", "40"), ("ABV 12.5%", "12.5"), ("alkohol 5 %", "5"), ("แอลกอฮอล์ 35%", "35"),
  ])
  func `an alcohol strength is a percentage beside a word that says so`(_ title: String, _ percent: String) {
    let values = Measurements(ProductText(Fixtures.product(title))).values(.alcoholPercent)
    #expect(values.map(\.amount) == [Fixtures.decimal(percent)])
  }

  @Test func `other percentages are not alcohol, and other figures have no energy`() {
    let text = ProductText(Fixtures.product("100% cotton shirt, 5 pieces, model V2, 12 V lamp"))
    #expect(Measurements(text).values(.alcoholPercent).isEmpty)
    #expect(Measurements(text).values(.wattHours).isEmpty)
  }
}
