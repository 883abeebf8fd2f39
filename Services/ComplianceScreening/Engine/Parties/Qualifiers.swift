import Domain
import Names

/// What is known of two parties beside their names makes them more or less likely to be one.
struct Qualifiers {
  let query: PartyQuery
  let listed: ListedParty

  var pieces: [NameMatch.Piece] { [birth, country].compactMap { $0 } }

  /// The most that agreement can add; a search looks that far below its threshold.
  static let gainMax = 1.05 * 1.02

  private var birth: NameMatch.Piece? {
    guard let born = query.birth, let nearest = listed.births.min(by: { $0.distance(to: born) < $1.distance(to: born) })
    else { return nil }
    let days = nearest.distance(to: born)
    if days == 0 { return .init(.bornSame, born.description, nearest.description, value: 1.05) }
    // Lists are often wrong by a year, sometimes by a few; beyond that even an equal name is another's.
    let factor = days <= 366 ? 0.92 : days <= 3 * 366 ? 0.75 : 0.65
    return .init(.bornOther, born.description, nearest.description, value: factor)
  }

  private var country: NameMatch.Piece? {
    guard let country = query.country, !listed.countries.isEmpty else { return nil }
    let isSame = listed.countries.contains(country)
    return .init(
      isSame ? .countrySame : .countryOther, country.code, listed.countries.map(\.code).joined(separator: " "),
      value: isSame ? 1.02 : 0.97)
  }
}
