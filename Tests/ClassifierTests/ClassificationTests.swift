import ClassifierEngine
import Domain
import JSON
import Testing

struct ClassificationTests {
  @Test(arguments: [
    ("Wireless Earbuds Bluetooth 5.3 with Mic Noise Cancelling Earphones", "851830"),
    ("Power Bank 30000mAh PD Fast Charging Portable Charger", "850760"),
    ("USB-C charging cable braided 2m fast charge", "854442"),
    ("Casing softcase silikon untuk iphone 14", "392690"),
    ("kaos polos katun combed lengan pendek pria", "610910"),
    ("áo thun cotton nam tay ngắn", "610910"),
    ("หูฟังบลูทูธ ไร้สาย เบสหนัก", "851830"),
    ("蓝牙耳机 无线 降噪", "851830"),
    ("มาส์ก ลิปสติก เนื้อแมตต์", "330410"),
    ("Sterling Silver 925 Necklace Women Pendant", "711311"),
    ("Dry dog food chicken 10kg adult", "230910"),
    ("Polarized sunglasses women UV400", "900410"),
  ])
  func `finds the code of a plain listing`(title: String, code: String) {
    #expect(SharedModel.classify(title).best?.code.digits == code)
  }

  @Test func `what comes after 'for' is what the article fits, not what it is`() {
    #expect(SharedModel.classify("Leather watch strap band for Apple Watch Series 9").best?.code.digits == "911390")
    #expect(SharedModel.classify("Tempered glass for Samsung smartphone").best?.code.digits == "700719")
  }

  @Test func `what comes after 'with' or 'used in' is told of the article, and is not the article`() {
    let cardigan = "a ladies' cardigan of knitted cotton with rib knit collar and cuffs, buttons and pockets"
    #expect(SharedModel.classify(cardigan).best?.code.heading == "6110")
  }

  @Test(arguments: [
    ("rubberhotwaterbottle", "rubber hot water bottle"), ("ladiescottonblouse", "ladies cotton blouse"),
    ("brushlessdrill18v", "brushless drill 18v"), ("HAIRDRYER", "hair dryer"),
  ])
  func `words written together are read as those that are known`(joined: String, apart: String) {
    #expect(SharedModel.classify(joined).best?.code == SharedModel.classify(apart).best?.code)
    #expect(!SharedModel.classify(joined).isTooVague)
  }

  @Test func `a word that nobody knows is not taken apart for a chance likeness`() {
    #expect(SharedModel.classify("zxpenqwrtkl").isTooVague)
  }

  @Test func `the material decides between sibling codes`() {
    var shirt = SharedModel.product("Men crew neck t-shirt")
    shirt.materials = [Component("cotton", percent: 100)]
    let cotton = SharedModel.model.classify(shirt, market: SharedModel.singapore)
    shirt.materials = [Component("polyester", percent: 100)]
    let polyester = SharedModel.model.classify(shirt, market: SharedModel.singapore)
    #expect(cotton.best?.code.digits == "610910")
    #expect(polyester.best?.code.digits == "610990")
  }

  @Test func `gives at most five candidates, best first, whose confidences sum to no more than one`() {
    for topic in SharedModel.someTopics {
      let answer = SharedModel.classify(topic.examples.first ?? topic.title)
      #expect(answer.candidates.count <= 5)
      let confidences = answer.candidates.map(\.confidence)
      #expect(confidences == confidences.sorted(by: >))
      #expect(confidences.reduce(0) { $0 + $1.probability } <= 1.000_01, "\(topic.examples.first ?? topic.title)")
    }
  }

  @Test func `the same product and knowledge give the same bytes from models built apart`() throws {
    let knowledge = try SharedModel.knowledge(ofChapters: ["42", "61", "64", "69", "71", "85"])
    let (one, other) = (ClassificationModel(knowledge: knowledge), ClassificationModel(knowledge: knowledge))
    #expect(one.version == other.version)
    for topic in knowledge.topics {
      let product = SharedModel.product(topic.examples.last ?? topic.title)
      let left = one.classify(product, market: SharedModel.singapore)
      let right = other.classify(product, market: SharedModel.singapore)
      #expect(left.json.canonicalBytes == right.json.canonicalBytes)
    }
  }

  @Test func `an answer survives its JSON`() throws {
    let answer = SharedModel.classify("Bluetooth speaker waterproof")
    #expect(try Classification(json: JSONCursor(answer.json)) == answer)
  }

  @Test(arguments: [
    "parts", "accessories", "gift", "sample", "goods", "clothes", "Spare parts and accessories", "black, 3-4 years",
    "", "12345", "!!!", "🎁🎁", "beige, one size", "xl", "qwrtzx plokm", "barang hadiah", "women",
  ])
  func `a description that says too little is vague and has no candidates`(title: String) {
    let answer = SharedModel.classify(title)
    #expect(answer.isTooVague)
    #expect(answer.candidates.isEmpty)
  }

  @Test func `unknown words lower the confidence`() {
    let plain = SharedModel.classify("bluetooth headphones")
    let strange = SharedModel.classify("bluetooth headphones grozbat vintrulle kelmadon parzifant")
    #expect(plain.best?.code == strange.best?.code)
    #expect((plain.best?.confidence ?? Confidence(0)) > (strange.best?.confidence ?? Confidence(1)))
  }

  @Test(arguments: ["daily", "rare"])
  func `of goods that share a name the one that sellers ship daily comes first`(
    frequency: String
  ) throws {
    let other = frequency == "daily" ? "rare" : "daily"
    let text = """
      8517 Telephones
      851713 Smartphones
        frequency: \(frequency)
        names: handset
        - handset
      851714 Keypad phones
        frequency: \(other)
        names: handset
        - handset
      """
    let model = ClassificationModel(knowledge: try Knowledge(files: [(name: "85.txt", text: text)], words: ""))
    let answer = model.classify(SharedModel.product("handset"), market: SharedModel.singapore)
    #expect(answer.best?.code.digits == (frequency == "daily" ? "851713" : "851714"))
  }

  @Test(arguments: ["Item Type", "Jenis", "类型"])
  func `a type among the attributes names the article where the title is only a model and a size`(name: String) {
    func heading(_ name: String) -> String? {
      let product = LabelledListings.product(
        title: "24 cm 3 ply induction", attributes: "\(name): saucepan", category: "", market: SharedModel.singapore)
      return SharedModel.model.classify(product, market: SharedModel.singapore).best?.code.heading
    }
    #expect(["7323", "7615"].contains(heading(name)))
    #expect(!["7323", "7615"].contains(heading("Remark")))
  }

  @Test func `what the knowledge does not hold comes nowhere near clearing`() throws {
    let model = ClassificationModel(knowledge: try SharedModel.knowledge(ofChapters: ["39", "42", "61", "69", "85"]))
    for title in [
      "Live breeding horse pure bred stallion", "Crude petroleum oil tanker cargo", "Portland cement bulk 50 tonnes",
      "Railway locomotive diesel", "Frozen bovine carcass halves", "Roasted coffee beans arabica",
    ] {
      let answer = model.classify(SharedModel.product(title), market: SharedModel.singapore)
      #expect((answer.best?.confidence ?? Confidence(0)) < Confidence(0.85), "\(title)")
    }
  }

  @Test func `hostile texts do not trap`() {
    let texts = [
      String(repeating: "phone case ", count: 5000), String(repeating: "ก", count: 50_000),
      String(repeating: "a", count: 100_000), "\u{0}\u{1F469}\u{200D}\u{1F4BB}\u{FFFD}",
      String(repeating: "\u{301}", count: 1000), "ＦＵＬＬＷＩＤＴＨ　ｅａｒｐｈｏｎｅ",
    ]
    for text in texts { #expect(SharedModel.classify(text).candidates.count <= 5) }
    #expect(SharedModel.classify("ＢＬＵＥＴＯＯＴＨ　ｅａｒｐｈｏｎｅ").best?.code.digits == "851830")
  }

  @Test func `knowledge of no or one code makes a model that answers`() throws {
    let none = ClassificationModel(knowledge: try Knowledge(files: [], words: ""))
    #expect(none.classify(SharedModel.product("mug"), market: SharedModel.singapore).isTooVague)
    let file = (name: "69.txt", text: "691200 Mugs\n  names: mug\n  - ceramic mug big\n")
    let one = ClassificationModel(knowledge: try Knowledge(files: [file], words: ""))
    _ = one.classify(SharedModel.product("ceramic mug"), market: SharedModel.singapore)
    #expect(one.knows(HSCode("69120000")!))
    #expect(!one.knows(HSCode("950300")!))
  }
}
