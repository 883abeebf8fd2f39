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
  public var phrase: Phrase {
    switch self {
    case .auto: "automatic"
    case .exception: "exception"
    case .manual: "manual"
    }
  }
}

extension ReviewerRole {
  public var phrase: Phrase {
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

extension RoutingReason.Kind {
  var phrase: Phrase {
    switch self {
    case .tooVague: "description too vague"
    case .noCandidate: "no candidate"
    case .lowConfidence: "confidence low"
    case .belowAutoClear: "below the automatic threshold"
    case .finding: "finding of a control"
    case .trigger: "trigger of the policy"
    case .missingField: "required field missing"
    case .screeningIncomplete: "screening incomplete"
    case .dutyUnknown: "duty unknown"
    case .fourEyes: "two people asked for"
    case .clear: "clear"
    }
  }
}

extension ShipmentState {
  var phrase: Phrase {
    switch self {
    case .waiting: "waiting"
    case .ready: "ready"
    case .documented: "documented"
    case .writtenBack: "written back"
    case .held: "held"
    case .undeliverable: "undeliverable"
    }
  }
}

extension Risk.Part {
  var phrase: Phrase {
    switch name {
    case .anyGoods: "any goods \(points)"
    case .penalties: "penalty exposure \(points)"
    case .parties: "party or embargo \(points)"
    case .dutyAtStake: "duty at stake \(points)"
    case .value: "value of the goods \(points)"
    case .anyDecision: "any decision \(points)"
    case .uncertainCode: "uncertain code \(points)"
    case .nearSecond: "second candidate is near \(points)"
    case .vague: "vague description \(points)"
    case .findings: "findings \(points)"
    case .newSupplier: "new supplier \(points)"
    case .newMarket: "new market \(points)"
    }
  }
}

extension Precedent.Outcome {
  var phrase: Phrase {
    switch self {
    case .approved: "approved"
    case .corrected: "corrected"
    case .rejected: "rejected"
    }
  }
}

extension CaseDocument {
  var kindWords: Phrase {
    switch kind {
    case "decision-record": "decision record"
    case "commercial-invoice": "commercial invoice"
    case "packing-list": "packing list"
    default: .verbatim(kind)
    }
  }
}

extension HTML {
  /// What rules, findings and classifier say: in their language, not the reader's, but for what the stages say by themselves.
  static func rule(_ text: String) -> HTML {
    StageWords.known(text).map { .phrase($0) } ?? foreign(text)
  }

  private static func foreign(_ text: String) -> HTML {
    .element("span", [HTMLAttribute("lang", "en"), HTMLAttribute("dir", "auto")], [.text(text)])
  }
}
