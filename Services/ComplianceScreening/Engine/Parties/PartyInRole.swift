import Domain
import Names

/// A party of a product or a shipment, and what it does there.
public struct PartyInRole: Sendable {
  public enum Role: String, Sendable, CaseIterable {
    case seller, supplier, manufacturer, brand, consignee, notifyParty, vessel

    /// Where the submission has its name.
    var field: String { self == .brand || self == .vessel ? "/\(rawValue)" : "/\(rawValue)/name" }
  }

  public var role: Role
  public var query: PartyQuery

  public init(_ role: Role, _ query: PartyQuery) {
    self.role = role
    self.query = query
    if role == .vessel { self.query.kind = .vessel }
  }

  public init?(_ role: Role, _ party: Party?) {
    guard let party else { return nil }
    self.init(role, PartyQuery(party))
  }

  /// A likeness of names is not an identity, so a hit asks a person and never prohibits by itself. What a person has judged before is told
  /// and asks nobody.
  public func findings(
    in lists: [PartyScreen], except cleared: PartyClearances = .none, on date: CalendarDate
  ) -> [Finding] {
    lists.flatMap { $0.hits(query) }.map { hit in
      let expiry = cleared.expiry(query.name, hit, on: date)
      let listed = hit.name.text == hit.entry.name ? "" : ", also known as '\(hit.name.text)'"
      let judged = expiry.map { " A person found that it is another; that holds until \($0)." } ?? ""
      return ScreenerRule.deniedParty.finding(
        expiry == nil ? .review : .inform,
        "The name resembles '\(hit.entry.name)'\(listed) (\(hit.list.id) \(hit.entry.id), likeness \(hit.permille) of 1000).\(judged)",
        [Observation(field: role.field, text: String(query.name.prefix(80)))]
          + hit.pieces.prefix(8).map { Observation(field: "likeness", text: $0.sentence) },
        source: hit.list.source, roles: [.complianceLead])
    }
  }
}

extension NameMatch.Piece {
  /// For the person who decides.
  var sentence: String {
    let share = "\(Int((value * 100).rounded())) %"
    return switch kind {
    case .sameWord: "'\(left)' is the same word (\(share))"
    case .similarWord: "'\(left)' is nearly '\(right)' (\(share))"
    case .sameName: "'\(left)' and '\(right)' are forms of one name (\(share))"
    case .initial: "'\(left)' may stand for '\(right)' (\(share))"
    case .joinedWords: "'\(left)' and '\(right)' differ by a space (\(share))"
    case .cutWord: "'\(left)' and '\(right)' may be one word cut short (\(share))"
    case .sameConsonants: "'\(left)' and '\(right)' have the same consonants in two scripts (\(share))"
    case .onlyLeft: "'\(left)' stands only here"
    case .onlyRight: "'\(right)' stands only on the list"
    case .conflict: "'\(left)' and '\(right)' differ"
    case .number: "the numbers '\(left)' and '\(right)' differ (times \(share))"
    case .roles: "who is whose child differs (times \(share))"
    case .wholeName: "as a whole the names are nearly the same (\(share))"
    case .sameCharacters: "the characters agree (\(share))"
    case .kind: "one is of the kind \(left), the other \(right) (times \(share))"
    case .bornSame: "born \(left), as the list says (times \(share))"
    case .bornOther: "born \(left), on the list \(right) (times \(share))"
    case .countrySame: "the country \(left) agrees (times \(share))"
    case .countryOther: "the country \(left) is not among \(right) (times \(share))"
    case .identifier: "the identifier \(left) is the same"
    case .commonWords: "many names have what these share (times \(share))"
    }
  }
}
