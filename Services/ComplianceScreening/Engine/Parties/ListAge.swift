import Domain

extension PartyScreen {
  /// A list that says when it was published and was published long ago may lack whom it should have.
  func staleness(on date: CalendarDate) -> [Finding] {
    lists.compactMap { list in
      guard let published = list.source.asOf else { return nil }
      let days = date.daysSinceEpoch - published.daysSinceEpoch
      guard days > list.ageMaxDays else { return nil }
      return ScreenerRule.staleList.finding(
        .review, "The list \(list.id) is of \(published), \(days) days old; it may be \(list.ageMaxDays).", [],
        source: list.source, roles: [.complianceLead])
    }
  }
}
