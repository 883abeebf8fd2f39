import Domain

/// What a tenant decided before, as a model of its own beside the knowledge.
struct HistoryModel: Sendable {
  let reader: HistoryReader
  let fit: HistoryFit
  private let lines: HistoryLines

  init?(_ listings: [LabelledListing], base: ClassificationModel) {
    guard !listings.isEmpty else { return nil }
    lines = HistoryLines(listings, words: base.words)
    fit = HistoryFit(lines, base: base)
    reader = HistoryReader(lines.scorer(Array(listings.indices)), base: base)
  }

  func answer(_ stream: TokenStream, known: [Float]) -> HistoryReader.Answer {
    reader.answer(reader.scorer.read(stream), known: known, blend: fit.blend)
  }

  func claims(_ answer: HistoryReader.Answer) -> Claims { fit.claims.claims(answer.inputs) }

  func knows(_ code: HSCode) -> Bool { reader.nomenclature.place(of: code) != nil }

  /// The line that is nearest to what was asked, where one is near.
  func nearest(_ answer: HistoryReader.Answer) -> LabelledListing? {
    answer.reading.nearest.first.flatMap { $0.nearness >= 0.5 ? lines.listings[$0.text] : nil }
  }
}
