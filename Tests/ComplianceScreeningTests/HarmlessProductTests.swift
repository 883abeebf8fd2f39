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
}
