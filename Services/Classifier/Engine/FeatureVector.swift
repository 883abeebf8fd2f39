/// A text as numbers: which features it has, and how strongly, to a length of one.
struct FeatureVector {
  var features: [Int32] = []
  var values: [Float] = []

  var count: Int { features.count }

  mutating func append(_ feature: Int32, _ value: Float) {
    features.append(feature)
    values.append(value)
  }
}
