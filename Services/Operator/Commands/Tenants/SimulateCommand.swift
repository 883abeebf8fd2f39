import ComplianceScreeningEngine
import Domain
import JSON
import PartyLists
import Postgres
import Store
import WorkerRuntime

enum SimulateCommand {
  static let command = Command(
    "policy simulate", "What a policy or pack would change, over the latest cases", group: .tenants,
    options: [
      .tenant, Option("policy", "FILE", "the policy to try; the one in force when absent"),
      Option("pack", "FILE", "a market pack to try", repeats: true),
      Option("rules", "FILE", "own rules to try; those in force when absent"),
      Option("tariff", "XX.txt", "a market's tariff to try, named after the market", repeats: true),
      Option("last", "N", "how many cases, the latest first; 1000 when absent"),
      Option("market", "XX", "of one market only"), .json,
    ],
    notes: """
      Decides each case twice, by what is in force and by what is proposed, and stores nothing. A tariff has the form of
      the files in the folder 'tariffs' of the reference data.
      Example: pabean policy simulate --policy strict.json --last 5000
      """
  ) { arguments, console in
    let settings = try OperatorSettings.load()
    let proposal = try Proposal(arguments, console)
    let last = try arguments["last"].map(count) ?? 1000
    let market = try arguments["market"].map(CaseCommands.market)
    let reference = ReferenceFolder(try DataFolder(configured: settings.dataFolder).reference)
    let (tenant, simulation) = try await settings.withDatabase { pool in
      let tenant = try await TenantChoice.resolve(arguments, pool)
      return try await pool.transaction(as: tenant, readOnly: true) { tx in
        guard let policy = try PolicyStore.active(tx) else {
          throw Failure("\(tenant) has no policy in force", remedy: "pabean policy activate FILE --reason TEXT")
        }
        let packs = try MarketPackStore.inForce(tx)
        let lists = try [reference.sampleParties()] + PartyListStore.active(.published, tx).map { try $0.partyList() }
        let rules = try OwnRulesStore.active(tx).map { OwnRuleBook($0.rules, version: $0.version) }
        let controls = try proposal.controls(policy, packs, rules, lists, reference)
        let subjects = try subjects(last, market, tx)
        return (
          tenant,
          Simulation(
            subjects, inForce: controls.inForce, proposed: controls.proposed, on: SystemClock.now().date)
        )
      }
    }
    let report = SimulationReport(simulation: simulation)
    if arguments.has("json") {
      console.line(report.json.text)
    } else {
      console.print(report.text(console, tenant))
    }
    return .success
  }

  private static func count(_ text: String) throws -> Int {
    guard let count = Int(text), (1...1_000_000).contains(count) else {
      throw UsageError("--last must be a number from 1 to 1000000", command: "policy simulate")
    }
    return count
  }

  private static func subjects(_ last: Int, _ market: Market?, _ tx: borrowing Transaction) throws
    -> [Simulation.Subject]
  {
    let ids = try CaseStore.recent(last, in: market, tx)
    let cases = try CaseStore.load(ids, tx)
    let classifications = try ClassificationStore.latest(ids, tx)
    let familiarity = try FirstCases.familiarity(of: cases, tx)
    return ids.compactMap { id in
      guard let stored = cases[id], let classification = classifications[id] else { return nil }
      return Simulation.Subject(
        caseID: id, product: stored.product, market: stored.market, classification: classification,
        familiarity: familiarity[id] ?? .unknown)
    }
  }

  /// What is to be tried.
  private struct Proposal: Sendable {
    var policy: Policy?
    var packs: [MarketPack]
    var rules: OwnRules?
    var tariffs: [(market: Market, path: String)]

    init(_ arguments: Arguments, _ console: Console) throws {
      policy = try arguments["policy"].map { path in
        let file = try PolicyFile(reading: path)
        guard let policy = file.policy else {
          console.print(file.report(path, console))
          throw Failure("the policy cannot be tried before it is corrected")
        }
        return policy
      }
      packs = try arguments.list("pack").map { try MarketPackFolder.pack($0) }
      rules = try arguments["rules"].map { try OwnRulesFile.read($0) }
      tariffs = try arguments.list("tariff").map { path in
        let name = path.split(separator: "/").last?.split(separator: ".").first.map(String.init) ?? ""
        guard let market = Market(name) else {
          throw UsageError("--tariff takes a file named after its market, such as ID.txt", command: "policy simulate")
        }
        return (market, path)
      }
    }

    private func wanted(_ known: TariffLibrary) throws -> TariffLibrary {
      try tariffs.reduce(known) { library, tariff in
        do { return try library.trying(try LocalFile.readText(tariff.path), for: tariff.market) } catch {
          throw Failure("\(tariff.path): \(error)")
        }
      }
    }

    func controls(
      _ active: PolicyStore.Active, _ inForce: [MarketPack], _ ownRules: OwnRuleBook?, _ lists: [PartyList],
      _ reference: ReferenceFolder
    ) throws
      -> (inForce: Simulation.Controls, proposed: Simulation.Controls)
    {
      let parties = PartyScreen(lists: lists)
      let embargo = try reference.embargo()
      let known = TariffLibrary(reference)
      let rulings = try reference.rulings()
      func screener(_ packs: [MarketPack], _ tariffs: TariffLibrary) -> Screener {
        Screener(packs: packs, parties: parties, embargo: embargo, tariffs: tariffs, rulings: rulings)
      }
      let replaced = Set(packs.map(\.market))
      let current = screener(inForce, known)
      return (
        .init(
          screener: current, policy: active.policy, policyVersion: active.version, ownRules: ownRules),
        .init(
          screener: packs.isEmpty && tariffs.isEmpty
            ? current : screener(inForce.filter { !replaced.contains($0.market) } + packs, try wanted(known)),
          policy: policy ?? active.policy, policyVersion: active.version + (policy == nil ? 0 : 1),
          ownRules: rules.map { OwnRuleBook($0, version: (ownRules?.version ?? 0) + 1) } ?? ownRules)
      )
    }
  }
}
