package import YAML

/// A penalty on the size of the weights, as what it adds to the gradient.
package protocol Regularizer: CatalogType {
  /// The coefficients for a `weight_decay` of `strength`.
  func decay(strength: Double) -> Decay
}

/// Every regularizer, one line each.
package enum RegularizerCatalog {
  package static let all = Catalog<any Regularizer>(
    of: "regularizer",
    [
      entry(L2.self),
      entry(L1.self),
    ])

  private static func entry<Type: Regularizer>(_ type: Type.Type) -> Catalog<any Regularizer>.Entry
  {
    Catalog.Entry(type) { $0 }
  }
}

/// A regularizer as a field of the solver: `L1`.
package struct RegularizerField: FieldValue {
  package var regularizer: any Regularizer = L2()

  package init() {}

  package static var expectation: String {
    "a regularizer (\(RegularizerCatalog.all.names.joined(separator: ", ")))"
  }

  package static func decode(
    _ node: Node, _ diagnostics: inout Diagnostics
  ) -> Decoded<RegularizerField> {
    guard node.scalar != nil, !node.isNull else { return .mismatch }
    guard let regularizer = RegularizerCatalog.all.decode(node, of: "solver", &diagnostics) else {
      return .reported
    }
    var field = RegularizerField()
    field.regularizer = regularizer
    return .value(field)
  }

  package var encoded: Node {
    let pairs = regularizer.encodedEntry
    return pairs.count == 1 ? pairs[0].value : Node(.mapping(pairs))
  }
}
