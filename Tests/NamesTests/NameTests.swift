import Names
import Testing

/// All names here are invented, or are names that thousands bear.
struct NameTests {
  static func score(_ left: String, _ right: String, _ kind: NameKind) -> Double {
    NameComparison.score(Name(left, kind: kind), Name(right, kind: kind))
  }

  @Test(arguments: [
    ("Tobias Ferrinand", "Ferrinand, Tobias"), ("Tobias Ferrinand", "TOBIAS FERRINAND"),
    ("Tobias Ferrinand", "Dr. Tobias Ferrinand"), ("Tobias Ferrinand", "Tobias Emil Ferrinand"),
    ("Tobias Ferrinand", "T. Ferrinand"), ("T. E. Ferrinand", "Tobias Emil Ferrinand"),
    ("Igor Tschemyslow", "Igor Chemyslov"), ("Oleg Setchine", "Oleg Sechin"),
    ("Jewgenij Praschkow", "Yevgeny Prashkov"),
    ("Zamyslov I. P.", "Ivan Petrovich Zamyslov"), ("Zamyslov R. A.", "Roman Albertovich Zamyslov"),
    ("Tobias Ferrinand", "Tobias Ferinand"), ("Tobias Ferrinand", "TobiasFerrinand"),
    ("Tobias Ferrinand", "Tobais Ferrinand"), ("Tobias Ferrinand", "Tobias-Ferrinand"),
    ("Tobias Ferrinand", "Tob1as Ferr1nand"), ("Tobias Ferrinand", "Tobias Ferri Nand"),
    ("Bill Quandrell", "William Quandrell"), ("Sasha Morvenko", "Aleksandr Morvenko"),
    ("Ivan Petrovich Zamyslov", "Ivan Zamyslov"), ("Muhammad Yusri Halwani", "Mohamed Yousri Halwani"),
    ("Abd al-Karim Sabbouri", "Abdul Karim Sabbouri"), ("Abdulkarim Sabbouri", "Abdul Karim Sabbouri"),
    ("Nguyễn Thị Hoàng Lan", "Nguyen Thi Hoang Lan"), ("Çağla Öztürkmen", "Cagla Ozturkmen"),
  ])
  func `one person is known in another dress`(_ left: String, _ right: String) {
    #expect(Self.score(left, right, .person) >= NameMatch.threshold, "\(Self.score(left, right, .person))")
  }

  @Test(arguments: [
    ("Tobias Ferrinand", "Matthias Ferrinand"), ("Tobias Ferrinand", "Tobias Kollenberg"),
    ("Ivan Petrovich Zamyslov", "Ivan Sergeevich Zamyslov"), ("Oleg Zamyslov", "Ivan Olegovich Zamyslov"),
    ("I. S. Zamyslov", "Ivan Petrovich Zamyslov"),
    ("Ahmad bin Hasan Halwani", "Hasan bin Ahmad Halwani"), ("T. F.", "Tobias Ferrinand"),
    ("T. Kollenberg", "Jonas Kollenberg"), ("Yusri Halwani al-Basri", "Yusri Halwani al-Mosuli"),
    ("Kim Song Min", "Kim Song Chol"), ("Tobias", "Tobias Emil Albert Ferrinand"), ("", "Tobias"),
  ])
  func `two persons are told apart`(_ left: String, _ right: String) {
    #expect(Self.score(left, right, .person) < NameMatch.threshold, "\(Self.score(left, right, .person))")
  }

  @Test(arguments: [
    ("Тобиас Ферринанд", "Tobias Ferrinand"), ("Ферринанд Тобиас Эмилевич", "Tobias Ferrinand"),
    ("فرناندو كاريراس", "Fernando Carreras"), ("محمد حلواني", "Mohammed Halwani"),
    ("عبد الرحمن حلواني", "Abdul Rahman Halwani"), ("백민호", "Paik Min Ho"),
    ("Κωνσταντίνος Μελισσός", "Konstantinos Melissos"),
    ("ტობიას ფერინანდი", "Tobias Ferinandi"), ("Տոբիաս Ֆերինանդ", "Tobias Ferinand"), ("दीपक वर्मानी", "Deepak Varmani"),
    ("トビアス・フェリナンド", "Tobias Ferinando"), ("林俊明", "Lin Junming"), ("林 俊明", "Junming Lin"), ("정민호", "Jung Min Ho"),
    ("דניאל כרמלי", "Daniel Karmeli"), ("贝拉克·奥巴马", "Barack Obama"),
  ])
  func `one person is known in another script`(_ left: String, _ right: String) {
    #expect(Self.score(left, right, .person) >= NameMatch.threshold, "\(Self.score(left, right, .person))")
  }

  @Test func `characters that sound alike are still different names`() {
    #expect(Self.score("高石美和", "高市美和", .person) < NameMatch.threshold)
    #expect(Self.score("林俊明", "林俊民", .person) < NameMatch.threshold)
    #expect(Self.score("陳國華", "陈国华", .person) == 1)
  }

  @Test(arguments: [
    ("Orvanta Trading LLC", "ORVANTA TRADING Limited Liability Company"), ("OOO Orvanta", "Orvanta LLC"),
    ("Orvanta Aktiengesellschaft", "Orvanta AG"), ("Orvanta Aktiengeselschaft", "Orvanta AG"),
    ("P.T. Orvanta Sejati Tbk", "PT Orvanta Sejati"), ("Orvanta Sdn. Bhd.", "Orvanta Sendirian Berhad"),
    ("Orvanta S.A. de C.V.", "Orvanta SA"), ("Orvanta G.m.b.H.", "Orvanta GmbH"), ("OrvantaAG", "Orvanta AG"),
    ("The Orvanta Group, Inc.", "Orvanta Group"), ("1st Orvanta Bank", "First Orvanta Bank"),
    ("Brigade Forty-Four", "Brigade 44"), ("L & H Orvanta AB", "L and H Orvanta"), ("A.B.K. Company", "ABK Co."),
    ("Orvanta and Sons Co", "Orvanta & Sons Company"), ("Orvanto Industries Ltd", "Orvanta Industries"),
    ("ООО «Орванта»", "Orvanta LLC"), ("深圳华宁贸易有限公司", "Shenzhen Huaning Maoyi Co., Ltd."),
    ("Orvanta Europe GmbH", "Orvanta"), ("SHENZHEN HUANING MAOYI YOUXIAN GONGSI", "Shenzhen Huaning Maoyi Ltd"),
  ])
  func `one company is known in another dress`(_ left: String, _ right: String) {
    #expect(Self.score(left, right, .organisation) >= NameMatch.threshold, "\(Self.score(left, right, .organisation))")
  }

  @Test(arguments: [
    ("Orvanta Pipeline Corporation", "Orvanta Petroleum Corporation"), ("LKX Aviation", "LPU Aviation"),
    ("Bank of Orvanta (Hong Kong)", "Bank of Melvora (Hong Kong)"),
    ("Management Company", "Westholm Management Company"),
    ("Orvanta Solutions", "Orvanta Solutions II"), ("Global Trading Company", "International General Trading"),
    ("QD p.l.c.", "QB p.l.c."), ("Orvanta (France) SARL", "Melvora (France) SARL"),
    ("Orvanta Global Services (Ireland) Ltd", "Orvanta Global Services Japan Inc"),
  ])
  func `two companies are told apart`(_ left: String, _ right: String) {
    #expect(Self.score(left, right, .organisation) < NameMatch.threshold, "\(Self.score(left, right, .organisation))")
  }

  @Test func `a name cut at a field's width is known by its beginning`() {
    let whole = "Tobias Emil Konstantin Albert Ferrinand"
    let cut = String(whole.prefix(35))
    #expect(Self.score(cut, whole, .person) >= NameMatch.threshold)
  }

  @Test func `a score is explained piece by piece`() {
    let match = NameComparison.compare(
      Name("Bill Ferinand", kind: .person), Name("William Emil Ferrinand", kind: .person))
    #expect(Set(match.pieces.map(\.kind)) == [.sameName, .similarWord, .onlyRight])
    #expect(match.pieces.contains { $0.kind == .onlyRight && $0.right == "emil" })
    #expect(
      match.score
        == NameComparison.score(Name("Bill Ferinand", kind: .person), Name("William Emil Ferrinand", kind: .person)))
  }

  @Test func `numbers that differ are told, and cost`() {
    let match = NameComparison.compare(Name("Orvanta Star 5", kind: .vessel), Name("Orvanta Star 6", kind: .vessel))
    #expect(match.pieces.contains { $0.kind == .number && $0.left == "5" && $0.right == "6" })
    #expect(match.score < 1)
  }

  @Test func `a person is no company`() {
    let score = NameComparison.score(Name("Orlando Ferrin", kind: .person), Name("Orlando Ferrin", kind: .organisation))
    #expect(score <= 0.7)
  }

  @Test(arguments: [
    "", " ", "…", "\u{200B}", "- - -", "ltd", "()", String(repeating: "a", count: 5000), "🙂🙂", "\u{0301}",
  ])
  func `any text is taken`(_ text: String) {
    for kind in [NameKind.person, .organisation, .vessel, .unknown] {
      let name = Name(text, kind: kind)
      #expect((0...1).contains(NameComparison.score(name, Name("Orvanta Trading", kind: kind))))
      #expect(NameComparison.score(name, name) == (name.isEmpty ? 0 : 1))
    }
  }

  @Test func `the order of the two names does not matter`() {
    let names = [
      "Tobias Ferrinand", "Ferinand, T.", "Orvanta Trading LLC", "OOO Орванта", "林俊明", "Kim Song Min",
      "Abdul Karim bin Yusri",
    ].map { Name($0) }
    for left in names {
      for right in names {
        #expect(
          abs(NameComparison.score(left, right) - NameComparison.score(right, left)) < 0.001,
          "\(left.original) \(right.original)")
      }
    }
  }
}
