import JSON

/// Products that tests submit.
public enum SampleProducts {
  /// Ordinary goods to which no control objects, so that they clear by themselves.
  public static func cotton(sku: String, markets: [String] = ["SG"], price: String = "6.50") -> JSONValue {
    [
      "sku": .string(sku), "title": "Men's cotton t-shirt short sleeve crew neck knitted",
      "category": "Fashion > Men > T-shirts", "materials": "100% cotton", "origin": "CN", "price": .string(price),
      "currency": "USD", "weight": "180 g", "markets": .strings(markets),
    ]
  }

  /// Something that passes intake and that the tests' policy holds for a person.
  public static func doubtful(sku: String, markets: [String] = ["SG"]) -> JSONValue {
    [
      "sku": .string(sku), "title": "Multi purpose adapter unit model X200 assembly", "category": "Held",
      "origin": "CN", "price": "12.00",
      "currency": "USD", "weight": "90 g", "markets": .strings(markets),
    ]
  }

  public static func shipment(_ reference: String, market: String = "SG", lines: [(sku: String, quantity: Int64)])
    -> JSONValue
  {
    [
      "reference": .string(reference), "market": .string(market), "currency": "USD",
      "seller": ["name": "Acme Pte Ltd", "country": "CN", "address": "1 Example Road, Shenzhen"],
      "consignee": ["name": "Buyer Tan", "country": .string(market), "address": "2 Sample Street"],
      "incoterm": "DAP", "incotermPlace": "Singapore", "exportCountry": "CN",
      "lines": .array(
        lines.enumerated().map { index, line in
          [
            "number": .integer(Int64(index + 1)), "sku": .string(line.sku), "quantity": .integer(line.quantity),
            "unit": "C62", "unitPrice": ["amount": "6.50", "currency": "USD"], "netWeightGrams": "180",
          ]
        }),
    ]
  }
}
