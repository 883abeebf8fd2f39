import Names
import Testing

struct NameIndexTests {
  private static let names =
    [
      "FERRINAND, Tobias Emil", "HALWANI, Muhammad", "HALWANI, Muhammad Yusri", "QUANDRELL, William",
      "ZAMYSLOV, Ivan Petrovich",
      "LIN, Junming", "SABBOURI, Abd al-Karim",
    ].map { Name($0, kind: .person) }
    + ["ORVANTA SHIPPING CO LTD", "KHARENTO", "Kharento"].map { Name($0, kind: .organisation) }
  private static let index = NameIndex(names)

  private func found(_ query: String, _ kind: NameKind = .unknown) -> [Int] {
    Self.index.search(Name(query, kind: kind)).map(\.name)
  }

  @Test(arguments: [
    ("Tobias Ferrinand", 0), ("TobiasEmil Ferrinand", 0), ("Tobias Emil Ferinand", 0), ("Tobias Emil Fer rinand", 0),
    ("Тобиас Ферринанд", 0), ("Muhamad Halwani", 1), ("محمد حلواني", 1), ("Bill Quandrell", 3), ("Iwan Zamyslow", 4),
    ("林俊明", 5),
    ("Abdulkarim Sabbouri", 6), ("ORVANTASHIPPING COMPANY", 7), ("Orvanta Shippin gLtd", 7), ("Orventa Shipping", 7),
    ("Kharrento", 8),
  ])
  func `a listed name is found`(_ query: String, _ expected: Int) {
    #expect(found(query).contains(expected))
  }

  @Test(arguments: [
    "Tobias", "Muhammad", "Ivan", "Shipping Company", "Muhammad Sabbouri", "William Ferrinand", "Lin Wei",
    "Tobias Emil Kollenberg", "",
  ])
  func `no single shared word makes a hit`(_ query: String) {
    #expect(found(query) == [])
  }

  @Test func `the best comes first and equal names in the order of the list`() {
    let hits = Self.index.search(Name("Muhammad Halwani", kind: .person))
    #expect(hits.first?.name == 1 && hits.contains { $0.name == 2 })
    #expect(found("Kharento") == [8, 9])
  }

  @Test func `what very many have counts less than what few have`() {
    let common = (0..<2000).map { Name("Muhammad Ali Person\(["a", "e", "i", "o", "u"][$0 % 5])\($0)", kind: .person) }
    let index = NameIndex(
      common + [Name("Muhammad Ali Zarkhunov", kind: .person), Name("Quintavar Ali Bezhenov", kind: .person)])
    #expect(!index.search(Name("Muhammad Ali", kind: .person)).contains { $0.name == 2000 })
    #expect(index.search(Name("Quintavar Bezhenov", kind: .person)).contains { $0.name == 2001 })
  }

  @Test func `a search explains the score it gives`() {
    let query = Name("Muhammad Halwani", kind: .person)
    for hit in Self.index.search(query) {
      #expect(abs(Self.index.explain(query, hit.name).score - hit.score) < 0.0001)
    }
  }
}
