import FoundationEssentials
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
      let start = ContinuousClock.now
      let response = try await intake.postTable(table, timeout: .seconds(540))
      print("a hundred thousand rows took", ContinuousClock.now - start, "peak", peakKilobytes(intake), "kB")
      #expect(response.status == 200)
      #expect(response.json["rows"] == 100_000)
      #expect(response.json["counts"] == ["accepted": 99_000, "unchanged": 0, "refused": 1000])
      #expect(response.json["errors"]?.arrayValue?.count == 1000)
      #expect(response.json["errors"]?.arrayValue?.first?["line"] == 101)
      #expect(response.json["errorsOmitted"] == 0)
      #expect(peakKilobytes(intake) < 200_000)
      #expect(try await intake.pabean.count("SELECT count(*) FROM customs_case") == 99_000)
      #expect(try await intake.pabean.count("SELECT count(*) FROM refused_submission") == 1000)
    }
  }

  private func peakKilobytes(_ intake: IntakeService) -> Int {
    let status = (try? String(contentsOfFile: "/proc/\(intake.worker.pid)/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
    return line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap { Int($0) } ?? .max
  }
}
