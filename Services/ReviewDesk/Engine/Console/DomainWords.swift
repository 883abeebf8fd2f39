import Domain

/// What the domain's names are called on pages.
extension CaseState {
  var phrase: Phrase {
    switch self {
    case .opened: "opened"
    case .classified: "classified"
    case .awaitingDecision: "awaiting decision"
    case .awaitingInformation: "awaiting information"
    case .decided: "decided"
    case .documented: "documented"
    case .writtenBack: "written back"
    case .undeliverable: "undeliverable"
    case .conflicted: "conflicted"
    case .superseded: "superseded"
    }
  }
}

extension Decision.Kind {
  var phrase: Phrase {
    switch self {
    case .autoCleared: "cleared automatically"
    case .approved: "approved"
    case .overridden: "overridden"
    case .rejected: "rejected"
    }
  }
}

extension Lane {
  var phrase: Phrase {
    switch self {
    case .auto: "automatic"
    case .exception: "exception"
    case .manual: "manual"
    }
  }
}

extension ReviewerRole {
  var phrase: Phrase {
    switch self {
    case .broker: "broker"
    case .compliance: "compliance"
    case .complianceLead: "compliance lead"
    case .finance: "finance"
    case .logistics: "logistics"
    case .legal: "legal"
    }
  }
}

extension ProductField {
  var phrase: Phrase {
    switch self {
    case .titles: "title"
    case .descriptions: "description"
    case .materials: "materials"
    case .ingredients: "ingredients"
    case .intendedUse: "intended use"
    case .categoryPath: "category"
    case .attributes: "attributes"
    case .imageAddresses: "images"
    case .origin: "origin"
    case .unitValue: "unit value"
    case .netWeightGrams: "weight"
    case .gtin: "GTIN"
    case .brand: "brand"
    case .supplier: "supplier"
    case .manufacturer: "manufacturer"
    case .suppliedCode: "supplied code"
    }
  }
}

extension HTML {
  /// What rules, findings and classifier say: in their language, not the reader's.
  static func rule(_ text: String) -> HTML {
    .element("span", [HTMLAttribute("lang", "en"), HTMLAttribute("dir", "auto")], [.text(text)])
  }
}

/// In English, for texts that are put together as text.
extension ReviewerRole {
  var words: String { phrase.english }
}

extension ProductField {
  var words: String { phrase.english }
}

extension Finding.Effect {
  var words: String { phrase.english }
}

extension Instant {
  var words: String { Language.english.words(self) }
}
