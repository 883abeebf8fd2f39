import ClassifierEngine
import Domain
import Testing

struct LabelledListingsTests {
  @Test func `reads quoted fields, attributes and categories`() throws {
    let csv = [
      "title,attributes,category,hs6",
      #""Mug, ""big""",Material: Ceramic; Colour : red,Home > Kitchen > Mugs,691200"# + "\r",
      "plain,,,950300", "short row,950300",
    ].joined(separator: "\n")
    let items = try LabelledListings.items(csv: csv, market: SharedModel.singapore)
    #expect(items.map(\.code.digits) == ["691200", "950300"])
    let first = try #require(items.first?.product)
    #expect(first.title == "Mug, \"big\"")
    #expect(first.categoryPath == ["Home", "Kitchen", "Mugs"])
    #expect(first.attributes == [Attribute("Material", "Ceramic"), Attribute("Colour", "red")])
  }

  @Test func `columns stand in any order, and those needed are asked for`() throws {
    let csv = "id,hs6,title\n1,90111,coffee beans\n2,,nothing\n"
    let items = try LabelledListings.items(csv: csv, market: SharedModel.singapore)
    #expect(items.map(\.code.digits) == ["090111"])
    #expect(items.map(\.product.title) == ["coffee beans"])
    #expect(throws: LabelledListings.Problem.self) {
      try LabelledListings.items(csv: "name,code\nmug,691200\n", market: SharedModel.singapore)
    }
  }

  @Test func `an evaluation counts what is right, and what clears`() {
    let items = [("Bluetooth headphones wireless over ear", "851830"), ("Ceramic coffee mug", "691110")].map {
      LabelledListing(product: SharedModel.product($0.0), code: HSCode($0.1)!)
    }
    let evaluation = Evaluation(model: SharedModel.model, items: items, market: SharedModel.singapore)
    #expect(evaluation.count == 2)
    #expect(evaluation.coveredCount == 2)
    #expect(evaluation.accuracy[6]?.top1 == 0.5)
    #expect(evaluation.accuracy[2]?.top1 == 1)
    #expect(evaluation.clearing(at: 0).precision == 0.5)
    #expect(evaluation.clearing(at: 1.1).count == 0)
    #expect(evaluation.report.contains("6 digits: first 50.0 %"))
  }
}
