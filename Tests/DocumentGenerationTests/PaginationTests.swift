import Domain
import Testing

@testable import DocumentGenerationEngine

@Suite struct PaginationTests {
  @Test("two hundred lines flow over pages, each once, under a head on every page, with page x of y")
  func twoHundredLines() throws {
    let input = Example.input(lines: (1...200).map { Example.line($0) })
    let document = try #require(try Example.pdf(.commercialInvoice, input))
    let pages = try Poppler.pages(document)
    #expect(pages.count > 3)
    for (index, page) in pages.enumerated() {
      #expect(page.contains("Page \(index + 1) of \(pages.count)"))
      #expect(page.contains("Line Goods HS code Origin Quantity Unit Price USD Amount USD"))
    }
    let text = pages.joined(separator: "\n")
    let order = (1...200).map { text.ranges(of: "SKU SKU-\($0)\n") }
    #expect(order.allSatisfy { $0.count == 1 })
    #expect(zip(order, order.dropFirst()).allSatisfy { $0[0].upperBound <= $1[0].lowerBound })
    #expect(text.contains("Total of goods USD 30,000.00"))
    #expect(try Poppler.qpdfProblems(document).status == 0)
  }

  @Test("strips keep their order, stand on no other, and never pass the foot of a page", arguments: UInt64(1)...500)
  func strips(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let strips = (0..<Int.random(in: 1...60, using: &random)).map { _ in
      Pagination.Strip(
        height: Double(Int.random(in: 1...80, using: &random)), headHeight: Bool.random(using: &random) ? 10 : nil,
        keepsWithNext: Int.random(in: 0..<4, using: &random) == 0)
    }
    let pages = Pagination.pages(strips, capacity: 100)
    #expect(pages.joined().map(\.index) == Array(strips.indices))
    for page in pages {
      var end = 0.0
      for placed in page {
        #expect(placed.top >= end)
        end = placed.top + strips[placed.index].height
        #expect(end <= 100)
      }
    }
  }

  @Test("a head is repeated only above the strip that opens a later page")
  func repeatedHead() {
    let strips = Array(repeating: Pagination.Strip(height: 30, headHeight: 10), count: 5)
    let pages = Pagination.pages(strips, capacity: 100)
    #expect(pages.map { $0.map(\.headTop) } == [[nil, nil, nil], [0, nil]])
    #expect(pages[1].map(\.top) == [10, 40])
  }

  @Test("a strip that keeps with the next moves to its page")
  func keepsWithNext() {
    let strips = [
      Pagination.Strip(height: 70), Pagination.Strip(height: 20, keepsWithNext: true), Pagination.Strip(height: 20),
    ]
    #expect(Pagination.pages(strips, capacity: 100).map { $0.map(\.index) } == [[0], [1, 2]])
  }
}
