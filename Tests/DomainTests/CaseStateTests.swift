import Domain
import Testing

@Suite("The life of a case")
struct CaseStateTests {
  /// Every step there is; whatever is not here changes nothing.
  private static let steps: [CaseState: [CaseEvent: CaseState]] = [
    .opened: [.classified: .classified, .superseded: .superseded],
    .classified: [
      .clearedAutomatically: .decided, .heldForDecision: .awaitingDecision, .superseded: .superseded,
    ],
    .awaitingDecision: [
      .informationRequested: .awaitingInformation, .decidedByPerson: .decided, .superseded: .superseded,
    ],
    .awaitingInformation: [
      .informationRequested: .awaitingInformation, .informationReceived: .awaitingDecision,
      .decidedByPerson: .decided, .superseded: .superseded,
    ],
    .decided: [.documented: .documented, .recalled: .awaitingDecision, .superseded: .superseded],
    .documented: [
      .writtenBack: .writtenBack, .deliveryFailed: .undeliverable, .conflictDetected: .conflicted,
      .recalled: .awaitingDecision, .superseded: .superseded,
    ],
    .writtenBack: [.decidedByPerson: .decided, .recalled: .awaitingDecision],
    .undeliverable: [
      .redelivered: .documented, .writtenBack: .writtenBack, .decidedByPerson: .decided, .recalled: .awaitingDecision,
      .superseded: .superseded,
    ],
    .conflicted: [
      .redelivered: .documented, .decidedByPerson: .decided, .recalled: .awaitingDecision, .superseded: .superseded,
    ],
    .superseded: [:],
  ]

  @Test("has exactly the steps of its table", arguments: CaseState.allCases)
  func table(state: CaseState) throws {
    let steps = try #require(Self.steps[state])
    for event in CaseEvent.allCases { #expect(state.after(event) == steps[event], "\(state) after \(event)") }
  }

  @Test("can end from everywhere, and no step leads out of a superseded case")
  func reachesAnEnd() {
    for start in CaseState.allCases {
      var reached: Set<CaseState> = [start]
      var grew = true
      while grew {
        let next = reached.union(reached.flatMap { state in CaseEvent.allCases.compactMap { state.after($0) } })
        grew = next.count > reached.count
        reached = next
      }
      #expect(!reached.filter(\.isTerminal).isEmpty, "\(start)")
    }
    #expect(CaseEvent.allCases.compactMap { CaseState.superseded.after($0) } == [])
  }

  @Test("decides only by the router or by a person, and only before anything is written")
  func decisions() {
    for state in CaseState.allCases {
      let events = CaseEvent.allCases.filter { state.after($0) == .decided }
      #expect(Set(events).isSubset(of: [.clearedAutomatically, .decidedByPerson]))
      if state != .classified { #expect(!events.contains(.clearedAutomatically), "\(state)") }
      #expect(state.after(.documented) == nil || state == .decided, "no record without a decision")
    }
  }

  @Test("never waits for a person and is over at the same time")
  func oneOrTheOther() {
    #expect(CaseState.allCases.filter { $0.isTerminal && $0.waitsForPerson } == [])
  }
}
