package import Fields
package import YAML

/// The weights of the examples of each class in losses.
///
///     class_weights: balanced
///     class_weights: {spam: 5, ham: 1}
///
/// `balanced` gives class c the weight n / (C·n_c), with n training examples, C classes among them,
/// and n_c examples of the class, as in scikit-learn. A class that the training part does not have
/// has the weight 1, and so does a class that the mapping does not name.
package enum ClassWeights: FieldValue, Equatable {
  case balanced
  case named([Named])

  /// The weight of one class.
  package struct Named: Equatable, Sendable {
    package let name: String
    package let weight: Double

    package init(_ name: String, _ weight: Double) {
      self.name = name
      self.weight = weight
    }
  }

  private static let word = "balanced"

  package static var expectation: String {
    "balanced or a mapping of classes to weights from 0 to 1000000"
  }

  package static func decode(
    _ node: Node, _ diagnostics: inout Diagnostics
  ) -> Decoded<ClassWeights> {
    guard let pairs = node.pairs else {
      return node.scalar?.trimmedText == word ? .value(.balanced) : .mismatch
    }
    var weights: [Named] = []
    var wrong: [WrongValue] = []
    for pair in pairs {
      guard let name = pair.key.scalar?.text,
        case .value(let weight) = Double.decode(pair.value, &diagnostics),
        (0...1e6).contains(weight)
      else {
        wrong.append(
          WrongValue(pair.value, expected: "a weight from 0 to 1000000"))
        continue
      }
      weights.append(Named(name, weight))
    }
    if !wrong.isEmpty { return .wrong(wrong) }
    return weights.isEmpty ? .mismatch : .value(.named(weights))
  }

  package var encoded: Node {
    switch self {
    case .balanced: .text(ClassWeights.word)
    case .named(let weights): .mapping(weights.map { ($0.name, $0.weight.encoded) })
    }
  }

  /// Returns the weight of each class.
  ///
  /// - Parameters:
  ///   - names: the names of the classes by index.
  ///   - counts: the number of training examples of each class.
  /// - Throws: the first name that is not a class.
  func factors(_ names: [String], counts: [Int]) throws(UnknownClass) -> [Double] {
    switch self {
    case .balanced:
      let occurring = counts.count { $0 > 0 }
      let total = counts.reduce(0, +)
      return counts.map { $0 > 0 ? Double(total) / (Double(occurring) * Double($0)) : 1 }
    case .named(let weights):
      var factors = [Double](repeating: 1, count: counts.count)
      for one in weights {
        guard let place = names.firstIndex(of: one.name) else { throw UnknownClass(name: one.name) }
        factors[place] = one.weight
      }
      return factors
    }
  }

  /// A name that is not a class.
  struct UnknownClass: Error {
    let name: String
  }
}
