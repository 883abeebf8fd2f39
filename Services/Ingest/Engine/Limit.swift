/// How many characters each kind of text may have.
enum Limit {
  static let sku = 100
  static let title = 500
  static let description = 10_000
  static let intendedUse = 1_000
  static let name = 300
  static let address = 1_000
  static let code = 100
  static let category = 200
  static let attributeName = 100
  static let attributeValue = 1_000
  static let component = 200
  static let imageAddress = 2_048

  static let titles = 30
  static let categories = 12
  static let attributes = 200
  static let components = 200
  static let images = 50
}
