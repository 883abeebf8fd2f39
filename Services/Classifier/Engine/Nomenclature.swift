import Domain

/// The codes a model can give, in order, and the tree they stand in.
struct Nomenclature: Sendable {
  let codes: [HSCode]
  /// The heading of each code and the chapter of each heading, as places.
  let headingOfCode: [Int32]
  let chapterOfHeading: [Int32]
  /// The codes of each heading and the headings of each chapter.
  let codesOfHeading: [Range<Int>]
  let headingsOfChapter: [Range<Int>]
  private let places: [String: Int]
  private let placesOfChapter: [String: Range<Int>]

  /// - Parameter codes: six digits each, in order, each once.
  init(_ codes: [HSCode]) {
    self.codes = codes
    (headingOfCode, codesOfHeading) = Nomenclature.runs(codes.map(\.heading))
    (chapterOfHeading, headingsOfChapter) = Nomenclature.runs(codesOfHeading.map { codes[$0.lowerBound].chapter })
    places = Dictionary(uniqueKeysWithValues: codes.enumerated().map { ($1.subheading, $0) })
    placesOfChapter = Dictionary(
      uniqueKeysWithValues: headingsOfChapter.map { [codesOfHeading] headings in
        let first = codesOfHeading[headings.lowerBound].lowerBound
        return (codes[first].chapter, first..<codesOfHeading[headings.upperBound - 1].upperBound)
      })
  }

  func place(of code: HSCode) -> Int? { places[code.subheading] }
  func places(ofChapter chapter: String) -> Range<Int>? { placesOfChapter[chapter] }

  func chapter(of place: Int) -> Int32 { chapterOfHeading[Int(headingOfCode[place])] }

  /// Runs of equal names: the run of each place, and the range of each run.
  private static func runs(_ names: [String]) -> ([Int32], [Range<Int>]) {
    var runOf: [Int32] = []
    var ranges: [Range<Int>] = []
    for (place, name) in names.enumerated() {
      if place > 0, names[place - 1] == name {
        ranges[ranges.count - 1] = ranges[ranges.count - 1].lowerBound..<place + 1
      } else {
        ranges.append(place..<place + 1)
      }
      runOf.append(Int32(ranges.count - 1))
    }
    return (runOf, ranges)
  }
}
