import WorkerRuntime

/// What `--help` prints.
enum HelpText {
  static func overview(_ console: Console) -> String {
    var text = "\(console.bold("pabean")) \(BuildInfo.version): products in, customs codes and documents out.\n"
    for group in CommandGroup.allCases {
      let commands = CommandTable.commands.filter { $0.group == group }
      guard !commands.isEmpty else { continue }
      text += "\n\(console.bold(group.rawValue))\n"
      for command in commands { text += "  \(padded(command.name, 20)) \(command.summary)\n" }
    }
    return text + "\n'pabean COMMAND --help' says more about one of them.\n"
  }

  static func family(_ word: String) -> String {
    CommandTable.family(word).map { "  \(padded("pabean \($0.name)", 28)) \($0.summary)\n" }.joined()
  }

  static func command(_ command: Command, _ console: Console) -> String {
    var usage = ["pabean \(command.name)"] + command.operands.map(\.usage)
    usage += command.options.map { $0.isRequired ? $0.usage : "[\($0.usage)]" }
    var text = "\(command.summary).\n\n\(console.bold("Usage")): \(wrapped(usage, indent: 4))\n"
    let rows =
      command.operands.map { ($0.name, $0.meaning) }
      + command.options.map { ($0.usage, $0.repeats ? "\($0.meaning); may be repeated" : $0.meaning) }
    if !rows.isEmpty {
      let width = min(rows.map(\.0.count).max() ?? 0, 28)
      text += "\n" + rows.map { "  \(padded($0.0, width))  \($0.1)\n" }.joined()
    }
    return command.notes.isEmpty ? text : text + "\n\(command.notes)\n"
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  private static func wrapped(_ words: [String], indent: Int) -> String {
    var lines = [""]
    for word in words {
      if let last = lines.last, !last.isEmpty, last.count + word.count > 96 { lines.append("") }
      let line = lines.removeLast()
      lines.append(line.isEmpty ? word : "\(line) \(word)")
    }
    return lines.joined(separator: "\n" + String(repeating: " ", count: indent))
  }
}
