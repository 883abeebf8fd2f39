import Domain
import JSON

/// How often reviewers found the right answer of gold cases.
public struct GoldFigures: Sendable {
  public struct Reviewer: Hashable, Sendable {
    public var reviewer: Actor
    public var agreed: Share

    public init(reviewer: Actor, agreed: Share) {
      self.reviewer = reviewer
      self.agreed = agreed
    }
  }

  public var reviewers: [Reviewer]

  public init(_ reviewers: [Reviewer]) { self.reviewers = reviewers }

  public var overall: Share {
    Share(reviewers.reduce(0) { $0 + $1.agreed.part }, of: reviewers.reduce(0) { $0 + $1.agreed.whole })
  }

  var json: JSONValue {
    [
      "agreement": overall.counted,
      "reviewers": .array(
        reviewers.map {
          var member = $0.agreed.counted.objectValue ?? JSONObject()
          member["reviewer"] = $0.reviewer.json
          return .object(member)
        }),
    ]
  }
}

extension Share {
  /// With what it was counted of.
  var counted: JSONValue { ["judged": .integer(whole), "agreed": .integer(part), "share": json] }
}

/// For those who may know which cases are gold.
struct GoldSection {
  let figures: GoldFigures

  var html: HTML {
    .element("section", .init("aria-labelledby", "gold")) {
      HTML.element("h2", .id("gold")) { "Gold cases" }
      HTML.element("p", .class("sum")) {
        """
        Reviewers meet cases whose right answer is known among their second looks, and are not told. In \(SecondLooks.days) \
        days they found the right answer in \(figures.overall.part) of \(figures.overall.whole).
        """
      }
      if !figures.reviewers.isEmpty {
        Table(
          name: "Gold cases", columns: ["Second look by", "Judged", "Agreed"],
          rows: figures.reviewers.map {
            [.text($0.reviewer.words), .number("\($0.agreed.whole)"), .number("\($0.agreed.percent)")]
          }
        ).html
      }
      HTML.element("p") { HTML.element("a", .init("href", "/quality/gold")) { "See the gold cases" } }
    }
  }
}
