import Domain
import JSON
import Testing

@testable import OperatorCommands

@Suite struct PolicyFileTests {
  private func report(_ text: String) -> String {
    PolicyFile(bytes: Array(text.utf8)).report("policy.json", RecordingConsole().console)
  }

  @Test func `each problem is shown with its place and its remedy`() {
    let text = """
      { "name": "Strict",
        "defaults": { "autoClearAt": 0.9, "suggestAt": 0.95, "requiredFields": ["colour"] },
        "markets": { "SG": { "autoClearAt": 0.3 } },
        "triggers": [
          { "id": "gold", "materials": ["gold"], "reason": "Gold", "roles": ["broker"] },
          { "id": "gold", "reason": "Nothing", "roles": ["broker"] }
        ] }
      """
    let fields = ProductField.allCases.map(\.rawValue).joined(separator: ", ")
    let matters = "add what it looks for, such as hsPrefixes, words, valueAbove or newSupplier"
    let expected = """
      policy.json has 5 problems.

        where                       what is wrong                               what to do
        /defaults/suggestAt         suggestAt 0.950 is above autoClearAt 0.900  set suggestAt at or below autoClearAt
        /defaults/requiredFields/0  there is no product field 'colour'          use one of \(fields)
        /markets/SG/suggestAt       suggestAt 0.950 is above autoClearAt 0.300  set suggestAt at or below autoClearAt
        /triggers/1/id              the id 'gold' stands twice                  give each trigger its own id
        /triggers/1                 the trigger names nothing to look for       \(matters)

      """
    #expect(report(text) == expected)
  }

  @Test func `a misspelt member is shown by its place in the document`() {
    let issues = PolicyFile(bytes: Array(#"{"name": "x", "defaults": {"autoClearAt": 0.9, "sugestAt": 0.4}}"#.utf8))
      .issues
    #expect(issues.map(\.field) == ["/defaults/sugestAt"])
  }

  @Test func `text that is not JSON is shown by line and column`() {
    let issues = PolicyFile(bytes: Array("{\n  \"name\": \"x\",\n  oops\n}".utf8)).issues
    #expect(issues.map(\.field) == ["line 3, column 3"])
    #expect(issues[0].problem.hasPrefix("not JSON: "))
  }

  @Test func `the standard policy is valid, and what is shown of it reads back the same`() throws {
    let text = JSONLayout.text(Policy.starter.json)
    let file = PolicyFile(bytes: Array(text.utf8))
    #expect(file.issues.isEmpty)
    #expect(file.policy == Policy.starter)
    #expect(
      report(text) == """
        policy.json is valid: "starter" clears at 0.900, suggests from 0.500, with 10 triggers and 0 markets of their own settings.

        """)
    var careful = Policy.starter
    careful.defaults.errorBudget = Confidence(0.02)
    #expect(report(careful.json.text).contains("clears at 0.900 and within an error budget of 0.020, suggests"))
  }
}
