/// How a consignment comes in: as a parcel under a regime for small consignments, or with a full declaration.
public enum ConsignmentKind: String, Hashable, Sendable, CaseIterable { case parcel, formal }
