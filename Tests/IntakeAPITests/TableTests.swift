import HTTP
import JSON
import Postgres
import TestSupport
import Testing

@Suite("Tables over HTTP", .timeLimit(.minutes(5)), .database(from: Installation.template))
struct TableTests {
  private static let header = "sku,title,materials,origin,price,currency,weight,markets\r\n"

  private static func row(_ sku: String, materials: String = "100% cotton") -> String {
    "\(sku),Men's cotton t-shirt short sleeve crew neck knitted,\(materials),CN,6.50,USD,180 g,SG\r\n"
  }

  private static let mixed =
    header + row("A") + row("B", materials: "\"60% cotton, 50% linen\"") + row("A") + "C,\"torn\r\n"

  @Test("each row is taken or refused by itself, with its line")
  func rows() async throws {
    try await IntakeService.with { intake in
      let response = try await intake.postTable(TableTests.mixed)
      #expect(response.status == 200)
      #expect(response.json["rows"] == 4)
      #expect(response.json["counts"] == ["accepted": 1, "unchanged": 1, "refused": 2])
      let errors = try #require(response.json["errors"]?.arrayValue)
      #expect(errors.first?["line"] == 3)
      #expect(errors.first?["sku"] == "B")
      #expect(errors.first?["field"] == "/materials")
      #expect(errors.first?["remedy"]?.stringValue?.isEmpty == false)
      #expect(errors.last?["line"] == 5)
      #expect(response.json["errorsOmitted"] == 0)
      let kept = try await intake.get("/v1/submissions/refused").json["refused"]?.arrayValue ?? []
      #expect(kept.count == 2)
      #expect(kept.allSatisfy { $0["channel"] == "csv" })
      #expect(Set(kept.map { $0["reference"] }) == ["B", .null])
    }
  }

  @Test("a corrected row takes its refusal off the list")
  func correction() async throws {
    try await IntakeService.with { intake in
      _ = try await intake.postTable(TableTests.header + TableTests.row("B", materials: "\"60% cotton, 50% linen\""))
      #expect(try await intake.get("/v1/submissions/refused").json["refused"]?.arrayValue?.count == 1)
      let again = try await intake.postTable(TableTests.header + TableTests.row("B"))
      #expect(again.json["counts"]?["accepted"] == 1)
      #expect(try await intake.get("/v1/submissions/refused").json["refused"] == [])
    }
  }

  @Test("the report as a table holds no formula")
  func formulaInjection() async throws {
    try await IntakeService.with { intake in
      let table = TableTests.header + "\"=HYPERLINK(\"\"http://x\"\",1)\",\"@SUM(1)\",,\"=1+1\",,,,SG\r\n"
      let response = try await intake.postTable(table, ["accept": "text/csv"])
      #expect(response.status == 200)
      #expect(response.headers["content-type"] == "text/csv")
      let lines = response.text.split(separator: "\r\n")
      #expect(lines.first == "line,sku,field,kind,problem,remedy")
      #expect(lines.count > 1)
      #expect(lines.dropFirst().allSatisfy { $0.hasPrefix("2,\"'=HYPERLINK(\"\"http://x\"\",1)\",") })
    }
  }

  @Test("a table whose header cannot be used is refused whole", arguments: ["", "name\nx\n", "sku,SKU\n1,2\n"])
  func header(_ table: String) async throws {
    try await IntakeService.with { intake in
      let response = try await intake.postTable(table)
      #expect(response.status == 422)
      #expect(response.json["errors"]?.arrayValue?.isEmpty == false)
      let utf16 = try await intake.send(
        .post, "/v1/products:csv", key: intake.key, ["content-type": "text/csv"], body: [0xFF, 0xFE, 0x73, 0, 10, 0])
      #expect(utf16.status == 422)
      #expect(try await intake.post("/v1/products:csv", [:]).status == 415)
    }
  }

  @Test("columns that were not understood are told")
  func notices() async throws {
    try await IntakeService.with { intake in
      let response = try await intake.postTable("sku,colour of box\nA,red\n")
      #expect(response.json["notices"]?.arrayValue?.first?["field"] == "colour of box")
    }
  }

  @Test("a repeated upload gets the first answer, in the form it was asked for")
  func replay() async throws {
    try await IntakeService.with { intake in
      let key = ["idempotency-key": "\"t\""]
      let first = try await intake.postTable(TableTests.mixed, key)
      let second = try await intake.postTable(TableTests.mixed, key)
      #expect(second.body == first.body)
      #expect(second.headers["idempotent-replayed"] == "true")
      #expect(try await intake.pabean.count("SELECT count(*) FROM refused_submission") == 2)
      #expect(try await intake.postTable(TableTests.header + TableTests.row("Z"), key).status == 422)
      let asTable = try await intake.postTable(
        TableTests.mixed, ["idempotency-key": "\"c\"", "accept": "text/csv"])
      let again = try await intake.postTable(
        TableTests.mixed, ["idempotency-key": "\"c\"", "accept": "text/csv"])
      #expect(again.body == asTable.body)
      #expect(again.headers["content-type"] == "text/csv")
    }
  }

  @Test("a table may have 64 mebibytes and not one more byte")
  func largestBody() async throws {
    try await IntakeService.with { intake in
      var table = Array("sku,not kept\n".utf8)
      let cell = [UInt8](repeating: UInt8(ascii: "x"), count: 131_000)
      var number = 0
      while table.count + cell.count + 20 < 64 << 20 {
        number += 1
        table += Array("S-\(number),".utf8) + cell + [10]
      }
      table += [UInt8](repeating: 10, count: 64 << 20 - table.count)
      let headers = ["content-type": "text/csv"]
      let largest = try await intake.send(.post, "/v1/products:csv", key: intake.key, headers, body: table)
      #expect(largest.status == 200)
      #expect(largest.json["counts"]?["refused"] == .integer(Int64(number)))
      do {
        let over = try await intake.send(.post, "/v1/products:csv", key: intake.key, headers, body: table + [10])
        #expect(over.status == 413)
      } catch let error as HTTPClientError {
        // Refused by its length alone: a client that goes on sending may lose the answer with the connection.
        guard case .interrupted = error else { throw error }
      }
      #expect(intake.peakKilobytes < 400_000)
    }
  }

  @Test("an upload that broke off is sent again: the rows already taken are unchanged, and refused rows kept once")
  func brokenOff() async throws {
    try await IntakeService.with(settings: ["PABEAN_FAULT": "after-commit:2"]) { intake in
      let wrong = TableTests.row("WRONG", materials: "\"60% cotton, 50% linen\"")
      let table = TableTests.header + wrong + (1...1199).map { TableTests.row("S-\($0)") }.joined()
      let key = ["idempotency-key": "\"t\""]
      await #expect(throws: HTTPClientError.self) { try await intake.postTable(table, key) }
      #expect(await intake.worker.waitForEnd(within: .seconds(10)) == 137)
      #expect(try await intake.pabean.count("SELECT count(*) FROM product_revision") == 999)
      let next = try await intake.replaced()
      let response = try await next.postTable(table, key)
      #expect(response.json["counts"] == ["accepted": 200, "unchanged": 999, "refused": 1])
      #expect(try await intake.pabean.count("SELECT count(*) FROM product_revision") == 1199)
      #expect(try await intake.pabean.count("SELECT count(*) FROM refused_submission") == 1)
      next.worker.kill()
    }
  }
}
