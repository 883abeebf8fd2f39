import Domain

extension PartyScreen {
  /// A list that was published long ago, and that no authority has been asked about since, may lack whom it should have.
  public func staleness(on date: CalendarDate) -> [Finding] {
    lists.compactMap { list in
      guard let known = [list.source.asOf, list.confirmed].compactMap(\.self).max() else { return nil }
      let days = date.daysSinceEpoch - known.daysSinceEpoch
      guard days > list.ageMaxDays else { return nil }
      return ScreenerRule.staleList.finding(
        .review, "The list \(list.id) is of \(known), \(days) days old; it may be \(list.ageMaxDays).",
        [Observation(field: "/lists/\(list.id)", text: list.version)], source: list.source, roles: [.complianceLead])
    }
  }
}

extension RequiredLists {
  /// What is asked for and not there: nobody was looked up in it.
  public func missing(from screens: [PartyScreen]) -> [Finding] {
    let known = screens.flatMap(\.lists).map(\.id)
    switch self {
    case .named(let names):
      return names.filter { !known.contains($0) }.map { name in
        finding("The policy asks for the list \(name), and it is not in force.", name)
      }
    case .anyPublished:
      // The fictitious parties and a tenant's own are no authority's.
      let isThere = screens.first?.lists.contains { $0.id != PartyList.sampleID } ?? false
      return isThere ? [] : [finding("No authority's list of denied parties is in force.", "any")]
    }
  }

  private func finding(_ summary: String, _ list: String) -> Finding {
    ScreenerRule.missingList.finding(
      .review, summary, [Observation(field: "/lists/\(list)", text: "missing")], roles: [.complianceLead])
  }
}
