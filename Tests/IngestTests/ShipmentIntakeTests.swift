import Domain
import IngestEngine
import JSON
import Testing

@Suite struct ShipmentIntakeTests {
  private func read(_ changes: String = "{}") throws -> IntakeVerdict<Shipment> {
    var object =
      try parsed(
        """
        {"reference": "SO-1", "market": "SG", "seller": {"name": "Acme", "country": "VN"}, "consignee": "Tan Ah Kow",
         "currency": "USD", "lines": [{"sku": "A", "quantity": 2, "unitPrice": 10.25},
                                      {"sku": "B", "quantity": "1.5", "unit": "kg", "unitPrice": "3.33"}]}
        """
      ).objectValue ?? JSONObject()
    for member in try parsed(changes).objectValue?.members ?? [] {
      object[member.key] = member.value.isNull ? nil : member.value
    }
    return ShipmentIntake(knownMarkets: markets).read(.object(object))
  }

  @Test func `a plain shipment is accepted in canonical form`() throws {
    let shipment = try #require(
      try read(
        """
        {"incoterms": "fob Ho Chi Minh City (Incoterms 2020)", "order_date": "2026-01-31T08:00:00Z",
         "transport_mode": "Ocean", "freight": 5, "total": "30.50",
         "packages": [{"mark": "C1", "lines": [1, "2"], "grossWeight": "4 kg", "dimensions": "40x30x20 cm"}]}
        """
      ).accepted)
    #expect(shipment.reference == "SO-1")
    #expect(shipment.lines.map(\.number) == [1, 2])
    #expect(shipment.lines.map(\.unit) == ["C62", "KGM"])
    #expect(shipment.lines[1].quantity.description == "1.5")
    #expect(shipment.lines[1].amount.description == "5.00 USD")
    #expect(shipment.incoterm == "FOB")
    #expect(shipment.incotermPlace == "Ho Chi Minh City")
    #expect(shipment.orderDate?.description == "2026-01-31")
    #expect(shipment.transportMode == "sea")
    #expect(
      shipment.packages == [
        Package(mark: "C1", lineNumbers: [1, 2], grossWeightGrams: 4000, dimensions: "40x30x20 cm")
      ])
  }

  @Test(arguments: [
    (#"{"reference": null}"#, "/reference missing"),
    (#"{"market": "JP"}"#, "/market unknown"),
    (#"{"seller": null}"#, "/seller missing"),
    (#"{"consignee": {}}"#, "/consignee missing"),
    (#"{"currency": "ABC"}"#, "/currency invalid,/lines/0/unitPrice missing,/lines/1/unitPrice missing"),
    (#"{"lines": []}"#, "/lines missing"),
    (#"{"lines": {}}"#, "/lines missing"),
    (#"{"lines": "x"}"#, "/lines invalid"),
    (#"{"lines": [5]}"#, "/lines/0 invalid"),
    (#"{"lines": [{"sku": "A"}]}"#, "/lines/0/quantity missing,/lines/0/unitPrice missing"),
    (#"{"lines": [{"sku": "A", "quantity": 0, "unitPrice": 1}]}"#, "/lines/0/quantity invalid"),
    (#"{"lines": [{"sku": "A", "quantity": -1, "unitPrice": 1}]}"#, "/lines/0/quantity invalid"),
    (#"{"lines": [{"sku": "A", "quantity": 1.5, "unitPrice": 1}]}"#, "/lines/0/quantity conflicting"),
    (#"{"lines": [{"sku": "A", "quantity": 1, "unit": "wagon", "unitPrice": 1}]}"#, "/lines/0/unit invalid"),
    (#"{"lines": [{"sku": "A", "quantity": 1, "unitPrice": 0}]}"#, "/lines/0/unitPrice invalid"),
    (#"{"lines": [{"sku": "A", "quantity": 1, "unitPrice": "1 EUR"}]}"#, "/lines/0/unitPrice conflicting"),
    (
      #"{"lines": [{"sku": "A", "quantity": 1, "unitPrice": {"amount": 1, "currency": "EUR"}}]}"#,
      "/lines/0/unitPrice/currency conflicting"
    ),
    (#"{"lines": [{"sku": "A", "quantity": 1, "unitPrice": 1, "currency": "EUR"}]}"#, "/lines/0/unitPrice conflicting"),
    (#"{"lines": [{"sku": "A", "quantity": 1000000000, "unitPrice": 99999999999}]}"#, "/lines/0/quantity invalid"),
    (#"{"lines": [{"sku": "A", "quantity": 2, "unitPrice": 1, "amount": 3}]}"#, "/lines/0/amount conflicting"),
    (#"{"lines": [{"sku": "A", "quantity": 2, "unitPrice": 1, "amount": "2.00"}]}"#, ""),
    (
      #"{"lines": [{"number": 1, "sku": "A", "quantity": 1, "unitPrice": 1}, {"number": 1, "sku": "B", "quantity": 1, "unitPrice": 1}]}"#,
      "/lines/1/number conflicting"
    ),
    (#"{"total": 25.50}"#, ""),
    (#"{"total": 25.51}"#, "/total conflicting"),
    (#"{"subtotal": 25.50, "freight": 4, "insurance": "0.50", "total": 30}"#, ""),
    (#"{"subtotal": 25, "freight": 4, "total": 31}"#, "/subtotal conflicting,/total conflicting"),
    (#"{"freight": -4}"#, "/freight invalid"),
    (#"{"freight": "4 EUR"}"#, "/freight conflicting"),
    (#"{"incoterm": "DAT Jakarta"}"#, "/incoterm invalid"),
    (#"{"incoterm": "FOBX"}"#, "/incoterm invalid"),
    (#"{"incotermPlace": "Jakarta"}"#, "/incoterm missing"),
    (#"{"incoterm": "DAP Jakarta", "incotermPlace": "Bandung"}"#, "/incoterm conflicting"),
    (#"{"orderDate": "01/02/2026"}"#, "/orderDate invalid"),
    (#"{"transportMode": "teleport"}"#, "/transportMode invalid"),
    (#"{"packages": [{"mark": "C1", "lines": [1]}]}"#, "/packages missing"),
    (#"{"packages": [{"mark": "C1", "lines": [1, 2, 3]}]}"#, "/packages/0/lines invalid"),
    (#"{"packages": [{"mark": "C1", "lines": [1, 2]}, {"mark": "C1", "lines": [1]}]}"#, "/packages/1/mark conflicting"),
    (#"{"packages": [{"mark": "C1"}]}"#, "/packages/0/lineNumbers missing"),
  ])
  func `each fault is refused where it stands`(changes: String, expected: String) throws {
    #expect(summary(try read(changes)).joined(separator: ",") == expected)
  }

  @Test func `packages may not weigh less than what they hold`() throws {
    let verdict = try read(
      """
      {"lines": [{"sku": "A", "quantity": 2, "unitPrice": 1, "netWeight": "3 kg"}],
       "packages": [{"mark": "C1", "lines": [1], "grossWeight": "2900 g"}]}
      """)
    #expect(summary(verdict) == ["/packages conflicting"])
  }

  @Test(arguments: ["EXW", "FCA", "CPT", "CIP", "DAP", "DPU", "DDP", "FAS", "FOB", "CFR", "CIF"])
  func `the eleven rules of Incoterms 2020 are known`(rule: String) throws {
    #expect(try read(#"{"incoterm": "\#(rule)"}"#).accepted?.incoterm == rule)
  }

  @Test func `a shipment has at most a thousand lines`() throws {
    let line = #"{"sku": "A", "quantity": 1, "unitPrice": 1}"#
    let full = Array(repeating: line, count: 1_000).joined(separator: ",")
    #expect(try read("{\"lines\": [\(full)]}").accepted?.lines.count == 1_000)
    #expect(summary(try read("{\"lines\": [\(full),\(line)]}")) == ["/lines invalid"])
  }

  @Test func `a market without cents has no cents in its prices`() throws {
    let verdict = try read(#"{"currency": "VND", "lines": [{"sku": "A", "quantity": 3, "unitPrice": "1000.5"}]}"#)
    #expect(summary(verdict) == ["/lines/0/unitPrice invalid"])
  }

  @Test func `the tenant is the seller where the order names none`() throws {
    let intake = ShipmentIntake(knownMarkets: markets, defaultSeller: Party(name: "Acme"))
    let verdict = intake.read(
      try parsed(
        #"{"reference": "1", "market": "SG", "consignee": "B", "currency": "SGD", "lines": [{"sku": "A", "qty": 1, "price": 1}]}"#
      ))
    #expect(verdict.accepted?.seller.name == "Acme")
  }

  @Test func `many wrong lines give a bounded report`() throws {
    let lines = Array(repeating: "{}", count: 1_000).joined(separator: ",")
    #expect(try read("{\"lines\": [\(lines)]}").issues.count == 100)
  }
}
