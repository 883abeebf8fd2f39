import AMQP
import Contracts
import Domain
import JSON
import TestSupport

/// Products as an ERP submits them, of many kinds and no two alike. Which of the kinds clear by themselves depends on
/// the classifier's knowledge, so a run first tries them all and goes on with those that did.
struct Listings: Sendable {
  struct Kind: Sendable, Hashable {
    var title: String
    var category: String
    var materials: String
  }

  static let all: [Kind] = [
    Kind(
      title: "Men's cotton t-shirt short sleeve crew neck knitted", category: "Fashion > Men > T-shirts",
      materials: "100% cotton"),
    Kind(
      title: "Women's cotton t-shirt v-neck knitted", category: "Fashion > Women > T-shirts", materials: "100% cotton"),
    Kind(title: "Men's denim jeans woven trousers", category: "Fashion > Men > Jeans", materials: "100% cotton"),
    Kind(title: "Women's knitted pullover sweater", category: "Fashion > Women > Sweaters", materials: "100% cotton"),
    Kind(title: "Cotton ankle socks knitted, 5 pairs", category: "Fashion > Socks", materials: "100% cotton"),
    Kind(title: "Cotton bath towel terry", category: "Home > Bath > Towels", materials: "100% cotton"),
    Kind(title: "Ceramic coffee mug 350 ml", category: "Home > Kitchen > Mugs", materials: "100% ceramic"),
    Kind(title: "Folding umbrella telescopic shaft", category: "Accessories > Umbrellas", materials: "100% polyester"),
    Kind(title: "Ballpoint pen, black, pack of 10", category: "Stationery > Pens", materials: "100% plastic"),
    Kind(title: "Spiral notebook ruled, 100 pages", category: "Stationery > Notebooks", materials: "100% paper"),
    Kind(title: "Wooden picture frame 20 x 30 cm", category: "Home > Decoration > Frames", materials: "100% wood"),
    Kind(title: "Badminton racket", category: "Sport > Badminton", materials: "100% aluminium"),
    Kind(title: "Scented soy wax candle", category: "Home > Candles", materials: "100% wax"),
    Kind(title: "Leather belt", category: "Fashion > Accessories > Belts", materials: "100% leather"),
    Kind(title: "Yoga mat 6 mm", category: "Sport > Yoga", materials: "100% PVC"),
    Kind(title: "Wall clock, quartz movement, 30 cm", category: "Home > Clocks", materials: "100% plastic"),
    Kind(title: "Greeting cards, set of 20", category: "Stationery > Cards", materials: "100% paper"),
    Kind(title: "Screwdriver set, 6 pieces", category: "Tools > Hand tools", materials: "100% steel"),
    Kind(
      title: "Stainless steel fork and spoon set", category: "Home > Kitchen > Cutlery",
      materials: "100% stainless steel"),
    Kind(title: "Canvas backpack 20 l", category: "Bags > Backpacks", materials: "100% cotton"),
  ]

  private static let colours = [
    "navy blue", "black", "white", "grey", "red", "dark green", "beige", "yellow", "brown", "pink",
  ]

  var kinds = Listings.all

  func submission(_ number: Int, run: String, for tenant: TenantID) -> OutgoingMessage {
    let kind = kinds[number % kinds.count]
    let colour = Listings.colours[number / kinds.count % Listings.colours.count]
    let sku = "\(run)-\(number)"
    let product: JSONValue = [
      "sku": .string(sku), "title": .string("\(kind.title), \(colour), model \(number)"),
      "category": .string(kind.category), "materials": .string(kind.materials), "origin": "CN",
      "price": .string("\(3 + number % 40).\(10 + number % 90)"), "currency": "USD",
      "weight": .string("\(80 + number % 400) g"), "brand": "Sunny Home",
      "attributes": ["colour": .string(colour), "season": "2027"], "markets": ["SG"],
    ]
    return OutgoingMessage(
      exchange: Topology.submissions.text, routingKey: Topology.submission(.product, of: tenant).text,
      properties: MessageProperties(contentType: "application/json", messageID: sku), body: product.bytes)
  }
}
