import HTTP
import JSON
import Postgres
import TestSupport
import Testing

@Suite("A large table over HTTP", .timeLimit(.minutes(10)))
struct LargeTableTests {
  @Test(
    "a hundred thousand rows, one in a hundred of them wrong, are taken in bounded memory",
    .database(from: Installation.template))
  func hundredThousandRows() async throws {
    try await IntakeService.with(markets: ["SG"]) { intake in
      var table = "sku,title,materials,origin,price,currency,weight,markets\n"
      for number in 1...100_000 {
        let materials = number % 100 == 0 ? "\"60% cotton, 50% linen\"" : "100% cotton"
        table += "S-\(number),Men's cotton t-shirt short sleeve,\(materials),CN,6.50,USD,180 g,SG\n"
      }
      let response = try await intake.postTable(table, timeout: .seconds(540))
      #expect(response.status == 200)
      #expect(response.json["rows"] == 100_000)
      #expect(response.json["counts"] == ["accepted": 99_000, "unchanged": 0, "refused": 1000])
      #expect(response.json["errors"]?.arrayValue?.count == 1000)
      #expect(response.json["errors"]?.arrayValue?.first?["line"] == 101)
      #expect(response.json["errorsOmitted"] == 0)
      #expect(intake.peakKilobytes < 200_000)
      #expect(try await intake.pabean.count("SELECT count(*) FROM customs_case") == 99_000)
      #expect(try await intake.pabean.count("SELECT count(*) FROM refused_submission") == 1000)
    }
  }
}
