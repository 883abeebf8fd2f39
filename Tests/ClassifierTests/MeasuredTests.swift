import ClassifierEngine
import Domain
import Testing

/// Floors under what was measured on data the knowledge was not written from. See EXPERIMENTS.md.
@Suite(.enabled(if: SharedData.isPresent, "\(SharedData.absence)"))
struct MeasuredTests {
  private func evaluate(_ file: String) throws -> Evaluation {
    let csv = try SharedData.read("classification/\(file)", inShared: true)
    let items = try LabelledListings.items(csv: csv, market: SharedModel.singapore)
    return Evaluation(model: SharedModel.model, items: items, market: SharedModel.singapore)
  }

  @Test(arguments: [
    ("ecommerce_dev.csv", 0.73, 0.50), ("rulings_dev.csv", 0.70, 0.39), ("parcels_dev.csv", 0.53, 0.39),
  ])
  func `accuracy stays above its floor and high confidence keeps its promise`(
    file: String, chapters: Double, codes: Double
  ) throws {
    let evaluation = try evaluate(file)
    #expect((evaluation.accuracy[2]?.top1 ?? 0) >= chapters)
    #expect((evaluation.accuracy[6]?.top1 ?? 0) >= codes)
    #expect(evaluation.clearing(at: 0.9).precision >= 0.9)
    #expect(evaluation.calibrationErrors[6] ?? 1 <= 0.10)
  }

  @Test func `fewer than one vague description in a thousand would clear`() throws {
    let titles = LabelledListings.titles(
      csv: try SharedData.read("classification/uk_fpo_vague_terms.csv", inShared: true))
    let clearing = titles.filter { title in
      let answer = SharedModel.classify(title)
      return !answer.isTooVague && (answer.best?.confidence ?? Confidence(0)) >= Confidence(0.9)
    }
    #expect(Double(clearing.count) < Double(titles.count) / 1000, "\(clearing)")
  }
}
