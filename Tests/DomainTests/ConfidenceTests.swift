import Domain
import Testing

@Suite struct ConfidenceTests {
  @Test func `it is never said to be more than it is, nor its ceiling less`() {
    for (millionths, said, ceiling) in [
      (899_999, "0.899", 900_000), (850_000, "0.850", 850_000), (1, "0.000", 1000), (1_000_000, "1.000", 1_000_000),
    ] as [(Int32, String, Int32)] {
      let confidence = Confidence(millionths: millionths)
      #expect(confidence.description == said && confidence.ceiling.millionths == ceiling)
    }
  }
}
