import Domain
import Testing

@testable import ClassifierEngine

/// How the scripts and spellings of the markets are read.
struct ScriptTests {
  private func features(_ text: String) -> FeatureList {
    FeatureList(TokenStream(text), words: SharedModel.knowledge.words)
  }

  private func rule(_ title: String, _ code: String) -> [String] {
    var product = SharedModel.product(title)
    product.suppliedCode = HSCode(code)
    let rules = Rules(TokenStream(product))
    let place = SharedModel.model.scorer.nomenclature.place(of: HSCode(code)!)!
    return rules.evidence(HSCode(code)!, place: place, demands: SharedModel.model.rules).map(\.text)
  }

  @Test(arguments: [("塑膠保溫杯", "塑胶保温杯"), ("針織長褲", "针织长裤"), ("電動螺絲起子", "电动螺丝起子")])
  func `traditional characters are read as simplified ones`(traditional: String, simplified: String) {
    #expect(TokenStream(traditional).words == TokenStream(simplified).words)
    #expect(SharedModel.classify(traditional).best == SharedModel.classify(simplified).best)
  }

  @Test func `an accent tells words apart, and a text without accents is still read`() {
    func hashes(_ text: String) -> Set<UInt32> { Set(features(text).features.map(\.hash)) }
    #expect(hashes("bàn gỗ") != hashes("bạn gỗ"))
    #expect(hashes("ban go").isSubset(of: hashes("bàn gỗ")))
  }

  @Test func `Thai stresses what stands first`() {
    let weights = features("กระเป๋าผ้าสำหรับเดินทาง").features.map(\.weight)
    #expect(weights[0] > weights[10])
    let second = features("ใหม่ กระเป๋าผ้าสำหรับเดินทาง").features.filter { $0.token == 1 }.map(\.weight)
    #expect(second[0] == second[10])
  }

  @Test func `a word is found within a run of letters, the longest that begins there`() {
    let words = RunWords<Int>([("牛皮 羊皮", 1), ("牛皮纸", 2), ("牛皮癣", nil)])
    func found(_ text: String) -> Int? { words.first(in: TokenStream(text), at: 0) { _ in nil }?.value }
    #expect(found("女式羊皮手套") == 1)
    #expect(found("牛皮纸袋") == 2)
    #expect(found("牛皮癣膏") == nil)
    #expect(found("牛皮癣和牛皮") == 1)
    #expect(found("bag") == nil)
  }

  @Test(arguments: [
    ("男式針織衫 棉65% 滌綸35%", "611020", "The main fibre (棉) fits 6110.20"),
    ("女士毛衣 100%羊毛", "611030", "The main fibre (羊毛) does not fit 6110.30"),
    ("cotton 65% polyester 35% jersey pullover", "611020", "The main fibre (cotton) fits 6110.20"),
    ("35% cotton 65% polyester jersey pullover", "611020", "The main fibre (polyester) does not fit 6110.20"),
    ("เสื้อยืด ผ้าฝ้าย", "610910", "The main fibre (ฝ้าย) fits 6109.10"),
    ("男式衬衫 梭织", "620520", "'梭织' tells that it is woven, which fits chapter 62"),
    ("áo sơ mi nam dệt kim", "620520", "'det kim' tells that it is knitted, which does not fit chapter 62"),
    ("牛皮纸袋 印刷", "420221", "The stated material (牛皮纸) is not what 4202.21 is of"),
  ])
  func `fibres, weaves and materials are believed in the languages of the markets`(
    title: String, code: String, text: String
  ) {
    #expect(rule(title, code).contains(text), "\(rule(title, code))")
  }

  @Test(arguments: ["男士棉服 外套", "หนังสือเด็ก"])
  func `what only holds the name of a material says nothing of it`(title: String) {
    #expect(rule(title, "620140").isEmpty && rule(title, "420221").isEmpty)
  }
}
