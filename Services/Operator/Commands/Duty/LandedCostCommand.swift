import ComplianceScreeningEngine
import Domain
import JSON

/// What goods cost at the border. Needs no servers: it reads the reference data alone.
enum LandedCostCommand {
  static let command = Command(
    "landed-cost", "Duty, tax and fees on one sale, with the working", group: .work,
    options: [
      Option("market", "CODE", "destination, such as ID", isRequired: true),
      Option("rate", "RATE", "exchange rate: units of the market's currency for one of --currency"),
    ] + LandedCostOptions.sale,
    notes: """
      Works offline. A rate that is not known leaves what depends on it unknown; it is never taken as zero. One that others
      compiled is used and named under "Not confirmed"; --duty-rate says what the instrument says.
        pabean landed-cost --market ID --hs 851713 --origin CN --value 50.00 --currency USD --insurance 0.40 --freight 0
        pabean landed-cost --market TH --hs 610910 --origin VN --value 100 --currency USD --programme ATIGA --tax-rate 7
      """
  ) { arguments, console in
    let options = LandedCostOptions(arguments, for: "landed-cost")
    let data = try DutyData.load()
    let market = try options.market(arguments.required("market"), of: "market", among: try data.markets())
    let pack = try data.pack(market)
    let codes = try options.codes()
    guard codes.count == 1, let code = codes.first else {
      throw UsageError(
        "--hs stands for one code here; 'pabean landed-cost compare' takes several", command: "landed-cost")
    }
    var sale = try options.sale()
    sale.exchangeRate = try options.exchangeRate(sale, into: pack.currency)
    let date = try options.date()
    let programmes = try data.folder.programmes()
    let programme = try options.programme(among: programmes, from: sale.origin, to: market, on: date)
    let landedCost = LandedCost(pack, tariffs: data.tariffs)
    let advice = LandedCostAdvisor(landedCost, programmes: programmes).advise(code, sale, on: date)
    let report = LandedCostReport(
      pack: pack, code: code, sale: sale, date: date, advice: advice,
      estimate: programme.map { landedCost.estimate(code, sale, on: date, under: $0) } ?? advice.ordinary,
      nationalLines: landedCost.nationalLines(of: code))
    if arguments.has("json") {
      console.line(report.json.text)
    } else {
      console.print(report.text(console))
    }
    return .success
  }

  static let compare = Command(
    "landed-cost compare", "The same sale in every market, and several codes beside one another", group: .work,
    options: [Option("market", "CODE", "these markets alone", repeats: true)] + LandedCostOptions.sale,
    notes: """
      Several codes (--hs 851762,851830) show what is at stake in the choice between them.
      Totals are shown in the sale's currency too, by each market's own rates.
      """
  ) { arguments, console in
    let options = LandedCostOptions(arguments, for: "landed-cost compare")
    let data = try DutyData.load()
    let known = try data.markets()
    var markets: [Market] = []
    for text in arguments.list("market") { markets.append(try options.market(text, of: "market", among: known)) }
    let date = try options.date()
    let sale = try options.sale()
    let codes = try options.codes()
    let programmes = try data.folder.programmes()
    let rows = try (markets.isEmpty ? known : markets).map { market in
      try ComparisonRows(
        pack: data.pack(market), tariffs: data.tariffs, codes: codes, sale: sale, date: date, programmes: programmes,
        wanted: arguments["programme"])
    }
    if let wanted = arguments["programme"] {
      try ComparisonRows.checkProgramme(wanted, among: programmes)
    }
    let report = ComparisonReport(rows: rows, codes: codes, sale: sale, date: date)
    if arguments.has("json") {
      console.line(report.json.text)
    } else {
      console.print(report.text(console))
    }
    return .success
  }
}
