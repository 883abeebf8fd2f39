/// What a specific duty is counted in.
public enum QuantityUnit: String, Hashable, Sendable, CaseIterable {
  case kilogram = "kg"
  case litre = "l"
  /// Of pure alcohol: the volume times its strength.
  case litreOfAlcohol = "l-alcohol"
  case piece = "u"
  case pair = "2u"
  case minute = "min"
  case squareMetre = "m2"
  case cubicMetre = "m3"
  case metre = "m"
  case gram = "g"

  public var name: String {
    switch self {
    case .kilogram: "kilograms"
    case .litre: "litres"
    case .litreOfAlcohol: "litres of pure alcohol"
    case .piece: "pieces"
    case .pair: "pairs"
    case .minute: "minutes"
    case .squareMetre: "square metres"
    case .cubicMetre: "cubic metres"
    case .metre: "metres"
    case .gram: "grams"
    }
  }
}
