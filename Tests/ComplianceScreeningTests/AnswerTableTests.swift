import ComplianceScreeningEngine
import Testing

/// Files of known answers that are not what they should be.
struct AnswerTableTests {
  private func refusal(_ csv: [UInt8]) -> String? {
    do throws(PartyList.FormatError) {
      _ = try PairEvaluation.pairs(csv: csv)
      return nil
    } catch { return "\(error)" }
  }

  @Test(arguments: [
    ("", "line 1: the columns name1, name2 and is_match must be there; name1, name2 and is_match are missing"),
    ("name1,name2\nA,B\n", "line 1: the columns name1, name2 and is_match must be there; is_match is missing"),
    ("name1,name2,is_match\n", "line 2: there is no row below the header"),
    ("name1,name2,is_match\nA,B,true\nA,B,perhaps\n", "line 3: is_match is 'perhaps'; write true or false"),
    ("name1,name2,is_match\n\"A,B,true\n", "line 2: is_match is ''; write true or false"),
  ])
  func `a file is refused with the line, the column and the remedy`(_ csv: String, _ reason: String) {
    #expect(refusal(Array(csv.utf8)) == reason)
  }

  @Test func `a file in UTF-16 is told to be saved anew`() {
    var utf16: [UInt8] = [0xFF, 0xFE]
    for byte in "name1,name2,is_match".utf8 { utf16 += [byte, 0] }
    #expect(refusal(utf16)?.contains("save it as CSV in UTF-8") == true)
  }

  @Test func `a mark before the text, line ends of Windows and blank lines do not matter`() throws {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let csv = mark + Array("Name1,NAME2,Is_Match\r\nAda,Ada,TRUE\r\n\r\n".utf8)
    let pairs = try PairEvaluation.pairs(csv: csv)
    #expect(pairs.count == 1 && pairs[0].isMatch && pairs[0].left == "Ada")
  }
}
