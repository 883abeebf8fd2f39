import JSON
import Testing

@testable import OperatorCommands

/// `pabean landed-cost`, against the reference data that ships.
@Suite struct LandedCostCommandTests {
  private static let parcel = [
    "landed-cost", "--market", "ID", "--hs", "851713", "--origin", "CN", "--value", "50.00", "--currency", "USD",
  ]
  private static let shirt = [
    "landed-cost", "--market", "TH", "--hs", "610910", "--origin", "VN", "--value", "100", "--currency", "USD",
    "--date", "2026-05-01",
  ]

  private func run(_ words: [String]) async -> (code: ExitCode, output: String, errors: String) {
    let recording = RecordingConsole()
    let code = await OperatorProgram(words: words, console: recording.console).perform()
    return (code, recording.output, recording.errors)
  }

  private func json(_ words: [String]) async throws -> JSONValue {
    let result = await run(words + ["--json"])
    #expect(result.code == .success, "\(result.errors)")
    return try JSONParser.parse(Array(result.output.utf8))
  }

  @Test func `the authority's worked example comes out to the rupiah`() async throws {
    let found = try await json(
      LandedCostCommandTests.parcel + [
        "--freight", "0", "--insurance", "0.40", "--rate", "15634", "--consignment", "parcel", "--date", "2024-02-28",
      ])
    #expect(found["customsValue"] == "787953.60")
    #expect(found["duty"] == "60000.00")
    #expect(found["tax"] == "93175.00")
    #expect(found["excise"] == "0.00")
    #expect(found["fees"] == "0.00")
    #expect(found["total"] == "153175.00")
    #expect(found["currency"] == "IDR")
    #expect(found["regime"] == "consignment above USD 3 to USD 1,500")
    #expect(found["programme"] == .null)
    #expect(found["working"]?.arrayValue?.last == "Total: 60000 + 93175 = 153175 IDR")
    #expect(found["unknown"] == [])
  }

  @Test func `a programme is used when it is asked for`() async throws {
    let found = try await json(LandedCostCommandTests.shirt + ["--programme", "atiga", "--freight=0", "--insurance=0"])
    #expect(found["programme"] == "ATIGA")
    #expect(found["duty"] == "0.00")
    #expect(found["total"] == "224.00")
  }

  @Test func `without one the ordinary rate holds, and what would save is shown with its papers`() async throws {
    let found = try await json(LandedCostCommandTests.shirt + ["--freight=0", "--insurance=0", "--programme", "MFN"])
    #expect(found["programme"] == .null)
    #expect(found["total"] == "1251.20")
    let first = found["preferences"]?.arrayValue?.first
    #expect(first?["programme"] == "ATIGA")
    #expect(first?["saving"] == "1027.20")
    #expect(first?["documents"]?.arrayValue?.isEmpty == false)
    let unknown = found["preferences"]?.arrayValue?.first { $0["programme"] == "RCEP" }
    #expect(unknown?["saving"] == .null)
    #expect(unknown?["unknown"] == "RCEP rate of 6109.10")
  }

  @Test func `what is not known is null, is said, and names the option that would say it`() async throws {
    let words = [
      "landed-cost", "--market", "LA", "--hs", "392690", "--origin", "CN", "--value", "100", "--currency", "USD",
      "--date", "2026-05-01",
    ]
    let found = try await json(words)
    #expect(found["duty"] == .null && found["tax"] == .null && found["total"] == .null)
    #expect(found["customsValue"] == "2386500.00")
    #expect(found["unknown"]?.arrayValue?.first == "ordinary duty rate of 3926.90")
    let text = await run(words)
    #expect(text.code == .success)
    #expect(text.output.contains("ordinary duty rate of 3926.90: --duty-rate says it"))
    #expect(text.output.contains("not known"))
    let stated = try await json(words + ["--duty-rate", "5"])
    #expect(stated["duty"] == "119325.00")
  }

  @Test func `a rate that others compiled is used, and is said to be not confirmed`() async throws {
    let words = [
      "landed-cost", "--market", "VN", "--hs", "33041000", "--origin", "CN", "--value", "100", "--currency", "USD",
      "--date", "2026-05-01",
    ]
    let found = try await json(words)
    let said = "ordinary duty rate of 3304.10.00, 20 %: not confirmed against the instrument"
    #expect(found["unconfirmed"] == [.string(said)])
    #expect(found["dutyRate"] == "20 %" && found["total"] != .null)
    #expect(await run(words).output.contains("Not confirmed\n  \(said)\n"))
  }

  @Test(arguments: [
    (["--market", "XX"], "--market XX is not a market; use one of BN, ID"),
    (["--hs", "8517"], "--hs 8517 is not a tariff code; write 6 to 12 digits"),
    (["--hs", "999999"], "--hs 999999 has no such chapter"), (["--hs", "007700"], "--hs 007700 has no such chapter"),
    (["--hs", "851713,851714"], "--hs stands for one code here"),
    (["--origin", "China"], "--origin China is not a country; write an ISO code of two letters"),
    (["--value", "fifty"], "--value fifty is not an amount; write digits and a point"),
    (["--value", "50.001"], "--value 50.001 is not an amount of USD; USD has 2 decimals"),
    (["--value", "0"], "--value 0 is not above zero"),
    (["--value", "-1"], "--value -1 is not an amount"),
    (["--currency", "RP"], "--currency RP is not a currency"),
    (["--freight", "x"], "--freight x is not an amount"),
    (["--rate", "0"], "--rate 0 is not an exchange rate; write the IDR for one USD"),
    (["--consignment", "post"], "--consignment post is not a kind of consignment; use parcel or formal"),
    (["--programme", "ATIGAA"], "did you mean ATIGA?"),
    (["--programme", "CPTPP"], "--programme CPTPP does not join CN and ID on"),
    (["--date", "2026-02-30"], "--date 2026-02-30 is not a day; write it like 2026-11-20"),
    (["--duty-rate", "free"], "--duty-rate free is not a rate; write 7.5 for a percentage"),
    (["--tax-rate", "-3"], "--tax-rate -3 is not a number from 0 to 1000"),
    (["--alcohol", "5"], "--alcohol needs the volume beside it: add --litres L"),
    (["--seller", "yes"], "--seller yes is not known; use registered or unregistered"),
  ])
  func `a wrong option is named with what to write instead`(_ words: [String], _ message: String) async {
    var line = LandedCostCommandTests.parcel
    if let index = line.firstIndex(of: words[0]) { line[index + 1] = words[1] } else { line += words }
    let result = await run(line)
    #expect(result.code == .usage)
    #expect(result.errors.contains(message), "\(result.errors)")
    #expect(result.output.isEmpty)
  }

  @Test(arguments: ["--market", "--hs", "--origin", "--value", "--currency"])
  func `an option that is required is missed by its name`(_ name: String) async throws {
    var line = LandedCostCommandTests.parcel
    let index = try #require(line.firstIndex(of: name))
    line.removeSubrange(index...(index + 1))
    let result = await run(line)
    #expect(result.code == .usage)
    #expect(result.errors.contains("\(name) is missing"))
  }

  @Test func `an exchange rate between a currency and itself is refused`() async {
    let result = await run([
      "landed-cost", "--market", "SG", "--hs", "392690", "--origin", "CN", "--value", "5", "--currency", "SGD",
      "--rate", "1.3",
    ])
    #expect(result.errors.contains("--rate 1.3 has nothing to convert"))
  }

  @Test(arguments: [
    ("7.5", "7.5 %"), ("7.5%", "7.5 %"), ("7.5 %", "7.5 %"), ("450/kg", "450/kg"), ("10 % + 450/kg", "10 % + 450/kg"),
  ])
  func `a duty rate may be written as people write it`(_ text: String, _ rate: String) async throws {
    let found = try await json(
      LandedCostCommandTests.parcel + ["--consignment", "formal", "--weight", "2", "--duty-rate", text])
    #expect(found["dutyRate"]?.stringValue == rate)
  }

  @Test func `litres and strength make litres of pure alcohol`() async throws {
    let found = try await json([
      "landed-cost", "--market", "SG", "--hs", "220300", "--origin", "CN", "--value", "30", "--currency", "SGD",
      "--freight", "5", "--insurance", "0", "--litres", "7.92", "--alcohol", "5", "--date", "2026-05-01",
    ])
    #expect(found["duty"] == "6.34")
    #expect(found["excise"] == "23.76")
    #expect(found["total"] == "35.96")
  }

  // MARK: Compare

  @Test func `all markets stand beside one another`() async throws {
    let words = [
      "landed-cost", "compare", "--hs", "851713", "--origin", "CN", "--value", "50", "--currency", "USD", "--date",
      "2026-05-01",
    ]
    let found = try await json(words)
    let markets = found["markets"]?.arrayValue ?? []
    #expect(
      markets.compactMap { $0["market"]?.stringValue } == [
        "BN", "ID", "KH", "LA", "MM", "MY", "PH", "SG", "TH", "TL", "VN",
      ])
    let indonesia = markets[1]["estimates"]?.arrayValue?.first
    #expect(indonesia?["total"] == "176848.00")
    // 176,848 / 16,500 = 10.718, to 10.72.
    #expect(indonesia?["totalInSaleCurrency"] == "10.72")
    let laos = markets[3]["estimates"]?.arrayValue?.first
    #expect(laos?["total"] == .null && laos?["totalInSaleCurrency"] == .null)
    let text = await run(words)
    #expect(text.output.contains("ordinary duty rate of 8517.13"))
    #expect(text.output.split(separator: "\n").count == 13)
  }

  @Test func `several codes show what is at stake between them`() async throws {
    let words = [
      "landed-cost", "compare", "--hs", "610910,851713", "--origin", "CN", "--value", "100", "--currency", "USD",
      "--market", "TH,SG", "--date", "2026-05-01", "--freight", "0", "--insurance", "0",
    ]
    let found = try await json(words)
    let thailand = found["markets"]?.arrayValue?.first
    #expect(thailand?["market"] == "TH")
    #expect(thailand?["spreadInPoints"] == "30")
    // Duty 960 and the VAT upon it of 67.20.
    #expect(thailand?["amountAtStake"]?["amount"] == "1027.20")
    let text = await run(words)
    #expect(text.output.contains("TH: 30 percentage points of duty, 1027.20 THB in all"))
  }

  @Test func `a programme lowers the duty where it joins, and nowhere else`() async throws {
    let found = try await json([
      "landed-cost", "compare", "--hs", "610910", "--origin", "VN", "--value", "100", "--currency", "USD", "--market",
      "TH", "--market", "VN", "--programme", "ATIGA", "--date", "2026-05-01",
    ])
    let programmes = found["markets"]?.arrayValue?.map { $0["estimates"]?.arrayValue?.first?["programme"] }
    #expect(programmes == ["ATIGA", .null])
  }

  @Test func `a programme that is not known is refused`() async {
    let result = await run([
      "landed-cost", "compare", "--hs", "610910", "--origin", "VN", "--value", "100", "--currency", "USD",
      "--programme", "NAFTA",
    ])
    #expect(result.code == .usage)
    #expect(result.errors.contains("--programme NAFTA is not known; use one of AANZFTA"))
  }
}
