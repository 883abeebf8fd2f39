import Crypto
import Domain
import IngestEngine
import JSON
import Testing

@Suite struct ProductIntakeTests {
  @Test func `a plain product is accepted in canonical form`() throws {
    let product = try #require(try read().accepted)
    #expect(product.sku == "TS-1")
    #expect(product.titles == [LocalizedText("Men's knitted cotton T-shirt")])
    #expect(product.unitValue?.description == "12.50 USD")
    #expect(product.origin?.code == "VN")
    #expect(product.markets.map(\.code) == ["SG"])
  }

  @Test func `every field an ERP may send is understood`() throws {
    let product = try #require(
      try read(
        """
        {"title": null, "titles": {"th": "เสื้อยืดผ้าฝ้าย", "en": "Cotton T-shirt"}, "description_th": "ผ้าฝ้าย",
         "description": "Knitted shirt of cotton", "materials": [{"name": "cotton", "percent": 60}, {"name": "polyester", "percent": "40%"}],
         "ingredients": "water, sugar (12%), vitamins (A, C)", "intended_use": "sports", "category": "Apparel > Men > T-shirts",
         "attributes": {"Sleeve": "short", "Washable": true, "Pack": 3, "Length": {"value": 70, "unit": "cm"}, "Colours": ["red", "blue"]},
         "images": ["https://cdn.example.com/1.jpg"], "price": null, "currency": null,
         "unitValue": {"amount": "12.50", "currency": "usd"}, "Net Weight": "0.25 kg", "gross_weight": {"value": 300, "unit": "g"},
         "origin": "Viet Nam", "EAN": "4006381333931", "brand": "Acme", "supplier": "Acme Trading",
         "manufacturer": {"name": "Acme Mill", "country": "Tiongkok", "address": "1 Road"}, "parent_sku": "TS",
         "hs_code": "6109.10", "markets": "my, SG"}
        """
      ).accepted)
    #expect(product.titles == [.init("Cotton T-shirt", language: "en"), .init("เสื้อยืดผ้าฝ้าย", language: "th")])
    #expect(product.descriptions == [.init("Knitted shirt of cotton"), .init("ผ้าฝ้าย", language: "th")])
    #expect(product.materials == [Component("cotton", percent: 60), Component("polyester", percent: 40)])
    #expect(product.ingredients == [Component("water"), Component("sugar", percent: 12), Component("vitamins (A, C)")])
    #expect(product.intendedUse == "sports")
    #expect(product.categoryPath == ["Apparel", "Men", "T-shirts"])
    #expect(
      product.attributes == [
        Attribute("Colours", "red, blue"), Attribute("Length", "70 cm"), Attribute("Pack", "3"),
        Attribute("Sleeve", "short"), Attribute("Washable", "yes"),
      ])
    #expect(product.imageAddresses == ["https://cdn.example.com/1.jpg"])
    #expect(product.unitValue?.description == "12.50 USD")
    #expect(product.netWeightGrams == 250)
    #expect(product.origin?.code == "VN")
    #expect(product.gtin?.digits == "4006381333931")
    #expect(product.supplier == Party(name: "Acme Trading"))
    #expect(product.manufacturer == Party(name: "Acme Mill", country: CountryCode("CN"), address: "1 Road"))
    #expect(product.variantOf == "TS")
    #expect(product.suppliedCode?.digits == "610910")
    #expect(product.markets.map(\.code) == ["MY", "SG"])
  }

  @Test func `all issues of a product are told at once`() throws {
    let verdict = try read(
      """
      {"sku": "", "title": "gift", "price": -1, "origin": "Atlantis", "gtin": "4006381333932", "weight": 250,
       "materials": "60% cotton, 50% polyester", "markets": ["SG", "XX"], "images": ["ftp://x"], "hsCode": "99abc"}
      """)
    #expect(
      summary(verdict) == [
        "/sku missing", "/materials invalid", "/images invalid", "/origin invalid", "/price invalid", "/weight missing",
        "/gtin invalid",
        "/hsCode invalid", "/markets unknown", "/title vague",
      ])
    for issue in verdict.issues {
      #expect(!issue.problem.isEmpty && issue.problem.hasSuffix("."), "\(issue)")
      #expect(!issue.remedy.isEmpty && issue.remedy.hasSuffix("."), "\(issue)")
    }
  }

  @Test(arguments: [
    (#"{"gtin": "4006381333932"}"#, "/gtin invalid"),
    (#"{"gtin": 4006381333931, "ean": "4006381333931"}"#, ""),
    (#"{"gtin": "123"}"#, "/gtin invalid"),
    (#"{"gtin": "0000000000000"}"#, "/gtin invalid"),
    (#"{"title": [["Cotton shirt"]]}"#, "/title/0 invalid"),
    (#"{"barcode": "4.00638E+12"}"#, "/barcode invalid"),
    (#"{"origin": "XX"}"#, "/origin invalid"),
    (#"{"origin": "EU"}"#, "/origin invalid"),
    (#"{"origin": "made in China"}"#, ""),
    (#"{"currency": "DOLLAR"}"#, "/currency invalid,/price missing"),
    (#"{"currency": null}"#, "/price missing"),
    (#"{"price": "12.505"}"#, "/price invalid"),
    (#"{"price": 12.505}"#, "/price invalid"),
    (#"{"price": "1,234.50"}"#, "/price invalid"),
    (#"{"price": "12,50"}"#, "/price invalid"),
    (#"{"price": "150.000", "currency": "IDR"}"#, "/price invalid"),
    (#"{"price": "150000", "currency": "VND"}"#, ""),
    (#"{"price": "1.5", "currency": "VND"}"#, "/price invalid"),
    (#"{"price": "12.5000"}"#, ""),
    (#"{"price": 1.25e1}"#, ""),
    (#"{"price": "USD 12.50", "currency": null}"#, ""),
    (#"{"price": "12.50 EUR"}"#, "/price conflicting"),
    (#"{"price": "12.50 USD", "unitValue": {"amount": 13, "currency": "USD"}}"#, "/price conflicting"),
    (#"{"price": 0}"#, "/price invalid"),
    (#"{"price": 99999999999999999999}"#, "/price invalid"),
    (#"{"price": 999999999999}"#, "/price invalid"),
    (#"{"price": true}"#, "/price invalid"),
    (#"{"weight": "250 g"}"#, ""),
    (#"{"weight": "250 stones"}"#, "/weight invalid"),
    (#"{"weight": 250}"#, "/weight missing"),
    (#"{"weight": 250, "weight_unit": "g"}"#, ""),
    (#"{"weight": "1 kg", "weight_unit": "g"}"#, "/weight conflicting"),
    (#"{"weight": "-3 kg"}"#, "/weight invalid"),
    (#"{"weight": "60000 kg"}"#, "/weight invalid"),
    (#"{"weight": "0.0001 mg"}"#, "/weight invalid"),
    (#"{"weightKg": 1, "weight": "1000 g"}"#, ""),
    (#"{"weightKg": 1, "weight": "1100 g"}"#, "/weight conflicting"),
    (#"{"netWeight": "300 g", "grossWeight": "250 g"}"#, "/grossWeight conflicting"),
    (#"{"variantOf": "TS-1"}"#, "/variantOf conflicting"),
    (#"{"materials": "60% cotton, 50% wool"}"#, "/materials invalid"),
    (#"{"materials": {"cotton": 60, "wool": 40}}"#, ""),
    (#"{"materials": {"cotton": 0.6, "wool": 0.4}}"#, "/materials invalid"),
    (#"{"materials": [{"name": "cotton", "percent": 120}]}"#, "/materials/0/percent invalid"),
    (#"{"materials": [{"name": "cotton", "percent": -5}]}"#, "/materials/0/percent invalid"),
    (#"{"materials": [{"percent": 5}]}"#, "/materials/0/name missing"),
    (
      #"{"materials": [{"name": "a", "percent": 999999999999}, {"name": "b", "percent": 0.000000001}]}"#,
      "/materials/0/percent invalid"
    ),
    (#"{"materials": "60,5% cotton"}"#, "/materials invalid"),
    (#"{"materials": "cotton 60,5%"}"#, "/materials invalid"),
    (#"{"materials": "5-10% wool"}"#, "/materials invalid"),
    (#"{"materials": "Shell: 60% cotton, 50% wool; Lining: 100% silk"}"#, "/materials invalid"),
    (#"{"price": "$12.50"}"#, "/price invalid"),
    (#"{"hsCode": 10121}"#, "/hsCode invalid"),
    (#"{"hsCode": 610910}"#, ""),
    (#"{"hsCode": "77010000"}"#, "/hsCode invalid"),
    (#"{"hs_code": "6109.10", "suppliedCode": "6109.90"}"#, "/hs_code conflicting"),
    (#"{"markets": []}"#, "/markets missing"),
    (#"{"markets": ","}"#, "/markets missing"),
    (#"{"price": "x", "currency": "USD"}"#, "/price invalid"),
    (#"{"markets": ["JP"]}"#, "/markets unknown"),
    (#"{"titles": {"xx-bad-tag-long": "Cotton shirt"}, "title": null}"#, "/titles/xx-bad-tag-long invalid"),
    (
      #"{"titles": [{"lang": "en", "text": "Cotton shirt"}, {"lang": "EN", "text": "Wool shirt"}], "title": null}"#,
      "/titles conflicting"
    ),
    (#"{"title": null}"#, "/title missing"),
    (#"{"title": 5}"#, "/title vague"),
    (#"{"title": ["a", {"b": []}]}"#, "/title vague"),
    (#"{"attributes": {"a": {"b": {"c": 1}}}}"#, "/attributes/a invalid"),
    (#"{"attributes": [{"name": "x"}]}"#, "/attributes/0 missing"),
    (#"{"attributes": "Colour: red; Size"}"#, "/attributes invalid"),
    (#"{"images": "https://a.example/1.jpg https://a.example/2.jpg"}"#, ""),
    (#"{"images": ["https://user@a.example/1.jpg"]}"#, "/images invalid"),
    (#"{"supplier": {"country": "CN"}}"#, "/supplier/name missing"),
  ])
  func `each fault is refused where it stands`(changes: String, expected: String) throws {
    #expect(summary(try read(changes)).joined(separator: ",") == expected)
  }

  @Test(arguments: [
    ("250 g", "250"), ("0.25kg", "250"), ("1 lb", "453.592"), ("1 oz", "28.35"), ("500 mg", "0.5"), ("1e3 g", "1000"),
    ("2 pounds", "907.185"),
  ])
  func `weights become grams exactly`(text: String, grams: String) throws {
    #expect(try read(#"{"weight": "\#(text)"}"#).accepted?.netWeightGrams?.description == grams)
  }

  @Test(arguments: [
    ("60% cotton, 40% polyester", ["cotton 60", "polyester 40"]),
    ("cotton 60% polyester 40%", ["cotton 60", "polyester 40"]),
    ("60% cotton 40% polyester", ["cotton 60", "polyester 40"]), ("Cotton (60 %) / Wool", ["Cotton 60", "Wool"]),
    ("60 % cotton and 40 % wool", ["cotton 60", "wool 40"]), ("stainless steel", ["stainless steel"]),
    ("棉60%、聚酯纤维40%", ["棉 60", "聚酯纤维 40"]), ("95.5% merino wool; 4.5% elastane", ["merino wool 95.5", "elastane 4.5"]),
    ("Cotton: 100%", ["Cotton 100"]), ("18/8 stainless steel", ["18/8 stainless steel"]),
    ("95% cotton, less than 5% elastane", ["cotton 95", "less than 5% elastane"]),
    ("100% cotton (organic)", ["cotton (organic) 100"]), ("60%cotton/40%polyester", ["cotton 60", "polyester 40"]),
    (
      "Shell: 60% cotton, 40% wool; Lining: 100% silk", ["Shell: 60% cotton", "40% wool", "Lining: 100% silk"]
    ),
  ])
  func `materials are read from text`(text: String, expected: [String]) throws {
    let materials = try #require(try read(#"{"materials": "\#(text)"}"#).accepted).materials
    #expect(materials.map { [$0.name, $0.percent?.description].compactMap(\.self).joined(separator: " ") } == expected)
  }

  @Test(arguments: [
    ("CN", "CN"), ("cn", "CN"), ("CHN", "CN"), ("P.R. China", "CN"), ("中国", "CN"), ("Trung Quốc", "CN"), ("จีน", "CN"),
    ("UK", "GB"), ("U.S.A.", "US"), ("the Netherlands", "NL"), ("Korea, Republic of", "KR"), ("Côte d’Ivoire", "CI"),
    ("Buatan Indonesia", "ID"), ("VIET NAM", "VN"), ("Türkiye", "TR"), ("Lao PDR", "LA"),
  ])
  func `countries are known by their common names`(name: String, code: String) throws {
    #expect(try read(#"{"origin": "\#(name)"}"#).accepted?.origin?.code == code)
  }

  @Test func `text is composed, trimmed and freed of what nobody can see`() throws {
    let verdict = try read(
      #"{"title": "  Caf\u0065\u0301\u200B  \u202Emug\u0000\n with\tlid \uFEFF"}"#)
    #expect(verdict.accepted?.title == "Café mug with lid")
    #expect(verdict.accepted.map { Array($0.title.unicodeScalars.prefix(5)).count } == 5)
    #expect(verdict.accepted?.title.unicodeScalars.contains("\u{E9}") == true)
  }

  @Test func `a title that is repeated with its language stands once`() throws {
    let product = try read(#"{"titles": {"en": "Men's knitted cotton T-shirt"}}"#).accepted
    #expect(product?.titles == [LocalizedText("Men's knitted cotton T-shirt", language: "en")])
  }

  @Test func `an accent that an invisible character kept apart is composed`() throws {
    #expect(try read(#"{"title": "cafe\u200B\u0301 mug"}"#).accepted?.title.unicodeScalars.contains("\u{E9}") == true)
  }

  @Test func `a text that is too long says how long it may be`() throws {
    let issue = try #require(try read(#"{"title": "\#(String(repeating: "shirt ", count: 200))"}"#).issues.first)
    #expect(issue.problem == "The text has 1199 characters; at most 500 characters are kept.")
    #expect(issue.remedy == "Shorten it to 500 characters.")
    #expect(try read(#"{"description": "\#(String(repeating: "x", count: 2_000_000))"}"#).issues.count == 1)
  }

  @Test func `unknown fields are kept out and told without a refusal`() throws {
    let verdict = try read(#"{"colour_code": "R1", "supplier": {"name": "A", "rating": 5}, "empty": ""}"#)
    #expect(verdict.accepted != nil)
    #expect(verdict.notices.map(\.field) == ["/supplier/rating", "/colour_code"])
    #expect(verdict.notices.allSatisfy { $0.kind == .unknown })
  }

  @Test func `the fields that a market requires are asked for together`() throws {
    let required = [Market("SG")!: ["materials", "origin"], Market("ID")!: ["materials", "voltage"]]
    let verdict = try read(#"{"markets": ["SG", "ID"]}"#, required: required)
    #expect(summary(verdict) == ["/materials missing", "/attributes/voltage missing"])
    #expect(verdict.issues[0].problem == "materials is required for ID, SG.")
    let complete = try read(
      #"{"markets": ["SG", "ID"], "materials": "cotton", "attributes": {"Voltage": "220 V"}}"#, required: required)
    #expect(complete.accepted != nil)
  }

  @Test func `a required field that was sent wrong is refused once`() throws {
    let verdict = try read(#"{"origin": "Atlantis"}"#, required: [Market("SG")!: ["origin", "unitValue"]])
    #expect(summary(verdict) == ["/origin invalid"])
  }

  @Test func `an unknown market is refused with the list of those served`() throws {
    let issue = try #require(try read(#"{"markets": ["JP"]}"#).issues.first)
    #expect(issue.remedy.contains("ID, MY, PH, SG, TH, VN"))
  }

  @Test func `a product without markets takes those of its tenant`() throws {
    let intake = ProductIntake(knownMarkets: markets, defaultMarkets: [Market("TH")!, Market("SG")!])
    #expect(intake.read(try product(#"{"markets": null}"#)).accepted?.markets.map(\.code) == ["SG", "TH"])
  }

  @Test func `an object with more fields than any product has is refused`() throws {
    let fields = (0...500).map { "\"f\($0)\": 1" }.joined(separator: ",")
    #expect(summary(try read("{\(fields)}")) == [" invalid"])
    #expect(summary(try read("{\"supplier\": {\"name\": \"A\", \(fields)}}")) == ["/supplier invalid"])
  }

  @Test func `what is no object is refused`() throws {
    let intake = ProductIntake(knownMarkets: markets)
    for text in ["null", "5", "[]", "\"x\"", "true"] {
      #expect(summary(intake.read(try parsed(text))) == [" invalid"])
    }
  }

  @Test func `the same facts sent in another way have the same hash`() throws {
    let one = try #require(
      try read(
        #"{"materials": "60% cotton, 40% wool", "weight": "0.25 kg", "attributes": {"b": 1, "a": 2}, "markets": ["SG", "ID"]}"#
      ).accepted)
    let other = try #require(
      try read(
        #"""
        {"MATERIALS": [{"percent": "60", "name": " cotton"}, {"name": "wool", "percent": 40.0}], "netWeightGrams": 250,
         "attributes": [{"name": "a", "value": "2"}, {"name": "b", "value": "1"}], "markets": "id;sg;SG"}
        """#
      ).accepted)
    #expect(one.contentHash == other.contentHash)
    #expect(one.contentHash != (try #require(try read().accepted)).contentHash)
    #expect(one.contentHash == SHA256.hash(one.json.canonicalBytes))
  }
}
