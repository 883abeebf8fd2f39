/// Every command, in the order of the help.
public enum CommandTable {
  public static let commands: [Command] = [
    UpCommand.command, DownCommand.command,
    SubmitCommand.command, StatusCommand.command, CaseCommands.list, CaseCommands.show, DocumentCommand.save,
    ClassifyCommand.command, ConvertCommand.command, EvaluateCommand.command,
    LandedCostCommand.command, LandedCostCommand.compare,
    DeadLetterCommands.list, DeadLetterCommands.show, DeadLetterCommands.replay, ReplayCommand.command,
    TenantCommands.create, TenantCommands.list, KeyCommands.create, KeyCommands.revoke, KeyCommands.list,
    PersonCommands.add, PersonCommands.list, PersonCommands.change, PersonCommands.disable, PersonCommands.enable,
    PersonCommands.reset, PersonCommands.unbind,
    DestinationCommands.add, DestinationCommands.list, DestinationCommands.enable,
    PolicyCommands.show, PolicyCommands.validate, PolicyCommands.activate, PolicyCommands.history,
    PolicyCommands.rollback, SimulateCommand.command,
    ProductCommands.show, RulesCommands.show, RulesCommands.validate, RulesCommands.activate, RulesCommands.history,
    RulesCommands.rollback,
    RulesCommands.retire,
    PrecedentCommands.importSubmissions, PrecedentCommands.list, PrecedentCommands.retire,
    PrecedentCommands.importRulings, ModelCommands.list, ModelCommands.use,
    PackCommands.list, PackCommands.activate, PackCommands.rollback, PackCommands.history,
    ExchangeRateCommands.importRates, ExchangeRateCommands.show,
    NameCommands.compare, NameCommands.screen,
    ListCommands.importLists, ListCommands.show, ListCommands.diff, ListCommands.activate, ListCommands.retire,
    ListCommands.dismiss, ListSourceCommands.watch, ListSourceCommands.sources, ListSourceCommands.refresh,
    ListSourceCommands.unwatch,
    InstallCommands.migrate, InstallCommands.brokerDefinitions, InstallCommands.referenceLoad,
    TariffCommands.importTariff, TariffCommands.activate, TariffCommands.history,
    TrainCommand.command,
    MaintainCommand.command, AuditCommands.key, AuditCommands.verify, AuditCommands.export, AuditCommands.check,
  ]

  /// The command that the words begin with, and the words after it.
  public static func find(_ words: [String]) throws(UsageError) -> (command: Command, rest: [String]) {
    for count in [2, 1] where words.count >= count {
      let name = words.prefix(count).joined(separator: " ")
      if let command = commands.first(where: { $0.name == name }) {
        return (command, Array(words.dropFirst(count)))
      }
    }
    throw unknown(words)
  }

  /// The commands under a first word such as `policy`.
  public static func family(_ word: String) -> [Command] { commands.filter { $0.name.hasPrefix("\(word) ") } }

  private static func unknown(_ words: [String]) -> UsageError {
    guard let first = words.first else { return UsageError("no command") }
    let family = family(first)
    if !family.isEmpty {
      let verbs = family.map { String($0.name.dropFirst(first.count + 1)) }
      guard words.count > 1 else { return UsageError("'\(first)' needs one of: \(verbs.joined(separator: ", "))") }
      let near = Spelling.nearest(to: words[1], among: verbs).map { "; did you mean '\(first) \($0)'?" } ?? ""
      return UsageError("there is no command '\(first) \(words[1])'\(near)")
    }
    let names = Set(commands.map { $0.name.split(separator: " ").first.map(String.init) ?? $0.name })
    let near = Spelling.nearest(to: first, among: names.sorted()).map { "; did you mean '\($0)'?" } ?? ""
    return UsageError("there is no command '\(first)'\(near)")
  }
}
