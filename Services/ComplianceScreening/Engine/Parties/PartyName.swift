/// A name as parties are compared: words in any order, without case, accents and company forms.
struct PartyName: Hashable, Sendable {
  let words: [String]

  init(_ name: String) {
    let all = NormalisedText(name).bytes.split(separator: UInt8(ascii: " "))
      .map { PartyName.withoutForm(String(decoding: $0, as: UTF8.self)) }
      .filter { !$0.isEmpty }
    let telling = PartyName.joiningInitials(all).filter { !PartyName.forms.contains($0) }
    words = Array(Set(telling.isEmpty ? all : telling)).sorted()
  }

  /// `P.T.` and `S.A.` come apart at their points; put together they are company forms again.
  private static func joiningInitials(_ words: [String]) -> [String] {
    var joined: [String] = []
    var run = ""
    for word in words {
      if word.utf8.count == 1 {
        run += word
        continue
      }
      if !run.isEmpty { joined.append(run) }
      run = ""
      joined.append(word)
    }
    return run.isEmpty ? joined : joined + [run]
  }

  /// Chinese and Thai write the form without a space.
  private static func withoutForm(_ word: String) -> String {
    guard word.utf8.contains(where: { $0 >= 0x80 }) else { return word }
    var word = word[...]
    for form in attachedForms {
      if word.hasPrefix(form) { word = word.dropFirst(form.count) }
      if word.hasSuffix(form) { word = word.dropLast(form.count) }
    }
    return String(word)
  }

  private static let attachedForms = ["股份有限公司", "有限责任公司", "有限公司", "公司", "บริษัท", "จำกัด", "มหาชน"]

  static let forms: Set<String> = Set(
    """
    ltd limited co company corp corporation inc incorporated llc llp lp plc pte pvt private sdn bhd berhad pt tbk cv ud
    gmbh ag kg sa sarl sas srl spa bv nv oy ab as aps kk jsc ojsc pjsc cjsc zao oao ooo pao tnhh ctcp cty jv fze fzco fzc
    dmcc est aktiengesellschaft gesellschaft joint stock sp zoo persero perusahaan perseroan terbatas công cong ty the and of und et de la y
    """.split(whereSeparator: \.isWhitespace).map(String.init))

  /// Words that half of all companies carry: alone or together they say nothing about who it is.
  static let common: Set<String> = Set(
    """
    trading trade international global world worldwide general import imports export exports importer exporter industry
    industries industrial manufacturing manufacturer factory electronics electronic electric technology technologies tech
    group holding holdings enterprise enterprises services service solutions supply supplies products product commerce
    commercial business development logistics shipping line lines marine engineering materials machinery equipment
    chemical chemicals textile textiles garment garments food foods store shop online asia asian pacific east west north
    south new united national first star golden best china chinese shenzhen guangzhou shanghai beijing hong kong indonesia
    jakarta malaysia singapore thailand bangkok vietnam viet nam philippines manila korea japan india bank oil gas energy
    maju jaya sejahtera abadi makmur indah
    """.split(whereSeparator: \.isWhitespace).map(String.init))
}
