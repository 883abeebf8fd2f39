import ClassifierEngine
import Domain
import JSON

/// `pabean convert`: what a code of one edition of the Harmonised System is in another.
enum ConvertCommand {
  static let command = Command(
    "convert", "What a code of one edition of the Harmonised System is in another", group: .work,
    operands: [Operand("CODE", "six digits, with or without national ones behind them")],
    options: [
      Option("from", "YEAR", "the edition that the code is of", isRequired: true),
      Option("to", "YEAR", "the edition wanted; the one that products are classified by when absent"), .json,
    ],
    notes: """
      Both directions, and over several editions. Where a code became several, a question says which it is. National
      digits do not carry over. Works offline, from Shared/ReferenceData/nomenclature.
      Example: pabean convert 8517.12 --from 2017 --to 2022
      """
  ) { arguments, console in
    let knowledge = try ClassifierFiles.knowledge().knowledge
    guard let editions = knowledge.editions else { throw Failure("the reference data hold no other edition") }
    let from = try edition(arguments.required("from"), editions)
    let to = try arguments["to"].map { try edition($0, editions) } ?? editions.current
    guard let code = HSCode(arguments.operands[0]), code.digits.utf8.count >= 6 else {
      throw UsageError("'\(arguments.operands[0])' is not a code of six digits or more", command: "convert")
    }
    guard let conversion = editions.convert(code, from: from, to: to) else {
      throw Failure("\(code.dotted) is no code of \(from)")
    }
    if arguments.has("json") {
      console.line(conversion.json.text)
    } else {
      ConversionText(conversion: conversion, editions: editions, topics: knowledge.topics).print(console)
    }
    return .success
  }

  private static func edition(_ text: String, _ editions: HSEditions) throws -> HSEdition {
    guard let edition = HSEdition(text), editions.all.contains(edition) else {
      let known = editions.all.map { "\($0.year)" }.joined(separator: ", ")
      throw UsageError("'\(text)' is no edition that is known: \(known)", command: "convert")
    }
    return edition
  }
}

/// A conversion as a person reads it.
private struct ConversionText {
  let conversion: HSConversion
  let editions: HSEditions
  let topics: [Topic]

  func print(_ console: Console) {
    console.line(
      "\(console.bold(conversion.code.dotted)) of \(conversion.from)\(name(conversion.code, conversion.from))")
    if let only = conversion.certain {
      console.line("  is \(console.bold(only.dotted)) of \(conversion.to)\(name(only, conversion.to))")
    } else if conversion.questions.isEmpty {
      console.line(
        "  is one of these in \(conversion.to)\(conversion.hasOthers ? ", or another that is not listed" : "")")
      for code in conversion.codes { console.line("  \(console.bold(code.dotted))\(name(code, conversion.to))") }
    }
    for question in conversion.questions { print(question, console) }
    if !conversion.nationalDigits.isEmpty {
      console.line("  The national digits \(conversion.nationalDigits) do not carry over: they are to be confirmed.")
    }
  }

  private func print(_ question: HSConversion.Question, _ console: Console) {
    console.line("  \(question.about.dotted) became several: \(question.text)")
    let width = question.answers.map(\.text.count).max() ?? 0
    for answer in question.answers {
      let code = console.bold(answer.code.dotted)
      console.line("    \(answer.text.padded(to: width))  \(code)\(name(answer.code, conversion.to))")
    }
  }

  private func name(_ code: HSCode, _ edition: HSEdition) -> String {
    let title =
      edition == editions.current
      ? topics.first { $0.code.digits == code.subheading }?.title : editions.title(code, in: edition)
    return title.map { "  \($0)" } ?? ""
  }
}
