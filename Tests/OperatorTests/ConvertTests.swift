import JSON
import Testing

@testable import OperatorCommands

struct ConvertTests {
  private func convert(_ words: String...) async -> (code: ExitCode, output: String, errors: String) {
    await RecordingConsole.run(["convert"] + words)
  }

  @Test func `a code that became one is said with its title`() async {
    let (code, output, errors) = await convert("8507.40", "--from", "2017", "--to", "2022")
    #expect(code == .success, "\(errors)")
    #expect(output.contains("8507.40 of HS 2017  Nickel-iron accumulators"))
    #expect(output.contains("is 8507.80 of HS 2022"))
  }

  @Test func `a code that split is said with its question, its answers and their codes`() async {
    let output = await convert("8517.12.00", "--from", "2017").output
    #expect(output.contains("became several: ") && output.contains("?"))
    #expect(output.contains("8517.13") && output.contains("8517.14  "))
    #expect(output.contains("The national digits 00 do not carry over"))
  }

  @Test func `a merge is seen from the newer end`() async {
    let output = await convert("850780", "--from", "2022", "--to", "2017").output
    #expect(output.contains("8507.40  Nickel-iron accumulators") && output.contains("8507.80"))
    #expect(await convert("852411", "--from", "2022", "--to", "2017").output.contains("or another that is not listed"))
  }

  @Test func `its JSON has codes and questions`() async throws {
    let (_, output, _) = await convert("851712", "--from", "2017", "--to", "2022", "--json")
    let json = try JSONParser.parse(output)
    #expect(json["codes"]?.arrayValue?.compactMap(\.stringValue) == ["851713", "851714"])
    #expect(json["questions"]?.arrayValue?.first?["answers"]?.arrayValue?.first?["code"]?.stringValue == "851713")
    #expect(json["from"]?.stringValue == "2017" && json["hasOthers"]?.boolValue == false)
  }

  @Test func `what is no code, no edition or not of that edition is refused`() async {
    #expect(await convert("851713", "--from", "2017").errors.contains("8517.13 is no code of HS 2017"))
    #expect(await convert("851713", "--from", "2017").code == .failure)
    #expect(await convert("8517", "--from", "2017").code == .usage)
    #expect(await convert("851712", "--from", "1996").errors.contains("2017, 2022"))
    #expect(await convert("851712").code == .usage)
  }
}
