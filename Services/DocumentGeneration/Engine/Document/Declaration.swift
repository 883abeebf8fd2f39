/// The sentence the seller signs.
enum Declaration {
  static func text(_ kind: GeneratedDocument.Kind) -> String {
    switch kind {
    case .commercialInvoice:
      "We declare that the particulars on this invoice are true and correct, that it shows the actual price of the "
        + "goods described, and that the country of origin of each line is as stated."
    case .packingList:
      "We declare that this list shows the actual contents, quantities, weights and packages of the shipment named above."
    }
  }
}
