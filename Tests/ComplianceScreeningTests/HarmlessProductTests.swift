import ComplianceScreeningEngine
import Domain
import Testing

/// Everyday goods that must pass everywhere: each false alarm costs a person's time.
struct HarmlessProductTests {
  static let goods: [(String, String)] = [
    ("Men's cotton T-shirt, coral colour", "610910"), ("Ceramic coffee mug 350 ml", "691200"),
    ("A5 ruled notebook, 100 pages", "482010"), ("Blue denim jeans", "620342"), ("Ankle socks, 5 pairs", "611595"),
    ("Cotton bath towel", "630260"), ("King size bed sheet set", "630221"), ("Polyester window curtain", "630392"),
    ("Stainless steel water bottle 750 ml", "732393"), ("Canvas backpack 20 l", "420292"),
    ("Women's handbag, faux leather", "420222"), ("Leather belt, brown", "420330"), ("Folding umbrella", "660191"),
    ("Ballpoint pen, black, pack of 10", "960810"), ("HB pencils, box of 12", "960910"),
    ("Silicone phone case, matte", "392690"), ("Neoprene laptop sleeve 14 inch", "420212"),
    ("Mouse pad 30 x 25 cm", "401699"), ("HDMI cable 2 m", "854442"), ("Bamboo cutting board", "441911"),
    ("Wooden picture frame 20 x 30 cm", "441490"), ("Scented soy wax candle, rose", "340600"),
    ("Yoga mat 6 mm", "950691"), ("Dumbbell pair 2 kg", "950691"), ("Football size 5", "950662"),
    ("Badminton racket", "950659"), ("Dog leash 1.5 m nylon", "420100"), ("Hair comb, plastic", "961511"),
    ("Metal keychain, star", "732690"), ("Greeting cards, set of 20", "490900"),
    ("Paperback novel: The Python Programmer", "490199"), ("Desk calendar 2027", "491000"),
    ("Wall clock, quartz movement, 30 cm", "910521"), ("Photo album, 200 pockets", "482050"),
    ("Shower curtain with hooks", "392490"), ("Silicone spatula set", "392410"), ("Non-stick baking tray", "761510"),
    ("Screwdriver set, 6 pieces", "820540"), ("Measuring tape 5 m", "901780"), ("Knitted winter gloves", "611693"),
    ("Stainless steel butter knife and fork set", "821520"), ("Whisky glass, set of 2", "701337"),
    ("Table runner, linen", "630251"), ("Hot glue gun sticks, 20 pieces", "350691"),
    ("Knife block without knives, acacia", "441990"), ("Ivory coloured dress", "620442"),
    ("Shark print shirt", "620520"), ("Wine glass, set of 4", "701337"), ("Cigarette case, metal", "732690"),
    ("Sand coloured trousers", "620343"), ("Sandpaper sheets, 10 pieces", "680520"), ("Acid wash jeans", "620342"),
    ("Honeycomb blinds, white", "392530"), ("Honey coloured tote bag", "420222"), ("Egg timer, wind-up", "910690"),
    ("Ceramic egg cup", "691110"), ("Goldfish bowl, glass", "701399"), ("Live Laugh Love wall sign", "392640"),
    ("Refrigerator magnet, Merlion", "392640"), ("Washing machine cover, waterproof", "630790"),
    ("Air conditioner remote holder", "392690"), ("Laundry bag for washing machine", "630790"),
    ("Battery storage box, empty", "392310"), ("Car tyre pressure gauge", "902620"), ("Dog bed, washable", "940490"),
    ("Cat food bowl, steel", "732393"), ("Baby bottle brush, silicone", "960390"), ("Baby stroller hook", "392690"),
    ("Pacifier clip with wooden beads", "442199"), ("Sofa cover, three seats", "630492"),
    ("White rice bowl, porcelain", "691110"), ("Gas stove knob cover", "392690"), ("Kitchen tap filter", "392690"),
    ("Bible cover with handle", "420292"), ("Map pattern scarf", "621410"), ("Handcuffs charm bracelet", "711719"),
    ("Gold coloured earrings", "711719"), ("Gold coin print cushion", "940490"), ("Poker face T-shirt", "610910"),
    ("Dynamite pop song poster", "491191"), ("Bath mat, army green", "570330"), ("Camouflage trousers", "620342"),
    ("Tiger print scarf", "621430"), ("Crocodile print belt, faux leather", "420330"),
    ("Orchid print blouse", "620640"),
    ("Rosewood coloured curtain", "630392"), ("Pepper grinder, wood", "821000"), ("Camera strap, nylon", "630790"),
    ("Dummy security camera", "392690"), ("Hidden camera detector manual, paperback", "490199"),
    ("Electric scooter handlebar grip", "400829"), ("E-bike bell", "830610"), ("Contact lens case", "392690"),
    ("Chemistry textbook", "490199"), ("Bracelet with rice grain pattern", "711719"), ("Skeleton key ring", "732690"),
    ("Halloween blood red curtain", "630392"), ("Cactus shaped candle", "340600"), ("Uranium green vase", "701399"),
    ("Sea cucumber plush cushion cover", "630492"), ("Wool felt, free of toluene", "560210"),
    ("Plastic basket made from plastic waste", "392490"), ("Asbestos-free pot holder", "630790"),
  ]

  /// Goods beside a rule's subject: the rule named here must not take them for it.
  static let nearMisses: [(String, String, String)] = [
    ("Gun-shaped toy soap", "340111", "toy"), ("Gun-shaped toy soap", "340111", "gun"),
    ("Gun-shaped toy soap", "340111", "toy-gun"), ("Battery operated plush rabbit", "950300", "lithium-battery"),
    ("Battery operated plush rabbit", "950300", "dry-battery"),
    ("Battery operated plush rabbit", "950300", "magnet-toy"),
    ("Hand grenade soap", "340111", "explosive"),
    ("Toothpaste with potassium nitrate", "330610", "explosive-precursor"),
    ("Dog food storage container", "392310", "pet-food"), ("Shark fin hat for children", "650500", "shark-fin"),
    ("Cremation ashes pendant", "711719", "human-remains"), ("Police uniform costume", "620342", "military-uniform"),
    ("Testosterone free cream", "330499", "supplement-adulterant"),
    ("Fake money detector", "854370", "banknote-imitation"),
    ("Laser printer paper", "480256", "laser"), ("Quran stand, wood", "442199", "quran-text"),
    ("Slot machine piggy bank", "392690", "gambling"), ("Black pepper spray seasoning", "090412", "self-defence-spray"),
    ("Viên tẩy máy giặt", "340250", "energy-label"), ("冰箱贴", "392640", "energy-label"),
    ("苯甲醇", "290621", "hazardous-chemical"), ("แปรงล้างขวดนม", "960390", "baby-bottle"),
    ("Stiker kulkas", "392690", "energy-label"), ("Soil moisture tester: garden soil tester", "902580", "soil"),
    ("Xả cả kho: khay gỗ tròn", "441990", "fish"), ("Khay gỗ tròn", "441990", "wood"),
    ("Tiện ích gia đình, mức khó", "392490", "banknote-imitation"), ("Máy lọc: là ngon, ở đâu", "842121", "toxic-herb"),
    ("Batu kecubung, cincin", "711719", "kava-ephedra"), ("ลำโพงบลูทูธ", "851821", "kava-ephedra"),
    ("Vestido cor de marfim", "620442", "cites-banned"),
  ]

  /// Common words that stand close to words of the rules once accents are gone.
  static let prose = """
    No tools needed, can be used at home for the sake of comfort. Sung about by many; do not bend. Candy colours, ivory
    white, champagne gold. Mercury free. Not a toy box. Free from lead, no smell, made to last. Keo style, ban the old!
    """

  @Test(arguments: Fixtures.allMarkets) func `everyday goods have no finding that blocks`(_ market: String) {
    for (title, code) in HarmlessProductTests.goods {
      var product = Fixtures.product(title)
      product.materials = [Component("as described", percent: 100)]
      product.brand = "Sunny Home"
      product.descriptions = [LocalizedText(HarmlessProductTests.prose, language: "en")]
      let screening = Fixtures.screen(product, market, code: code)
      #expect(screening.blocking.isEmpty, "\(market): \(title): \(screening.blocking)")
    }
  }

  @Test(arguments: Fixtures.allMarkets) func `goods beside a rule's subject are not taken for it`(_ market: String) {
    for (title, code, rule) in HarmlessProductTests.nearMisses {
      let finding = Fixtures.screen(Fixtures.product(title), market, code: code).finding("\(market)-\(rule)")
      #expect(finding == nil, "\(market): \(title)")
    }
  }
}
