import ComplianceScreeningEngine
import Domain

/// One market's estimates of the same sale, one for each code.
struct ComparisonRows {
  var pack: MarketPack
  var exposure: DutyExposure
  /// Each total in the sale's currency; nil where it or the rate is unknown.
  var totals: [Money?]
  /// The cheapest preference of the first code.
  var best: PreferenceOption?

  init(
    pack: MarketPack, tariffs: TariffLibrary, codes: [HSCode], sale: LandedCost.Sale, date: CalendarDate,
    programmes: [TradeProgramme], wanted: String?
  ) {
    self.pack = pack
    let landedCost = LandedCost(pack, tariffs: tariffs)
    let programme = programmes.first { programme in
      programme.id == wanted?.uppercased()
        && sale.origin.map { programme.joins($0, to: pack.market, on: date) } ?? false
    }
    exposure = DutyExposure(codes, [landedCost], sale, on: date, under: programme)
    totals = exposure.entries.map { entry in
      entry.estimate.total.flatMap { landedCost.convert($0, to: sale.goods.currency, on: date) }
    }
    best = codes.first.flatMap { code in
      LandedCostAdvisor(landedCost, programmes: programmes).advise(code, sale, on: date).best
    }
  }

  static func checkProgramme(_ text: String, among all: [TradeProgramme]) throws(UsageError) {
    guard text.uppercased() != "MFN", text != "none", !all.contains(where: { $0.id == text.uppercased() }) else {
      return
    }
    let known = all.map(\.id).joined(separator: ", ")
    throw UsageError("--programme \(text) is not known; use one of \(known)", command: "landed-cost compare")
  }
}
