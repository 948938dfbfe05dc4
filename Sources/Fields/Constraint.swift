internal import YAML

/// The allowed values of a field.
///
/// The expectations are put into words only when a message or a page asks for them: a run builds
/// hundreds of constraints, and reports none.
package struct Constraint<Value>: Sendable {
  /// The expectation in messages: "an integer from 1 to 64". Nil if the type's expectation is
  /// sufficient.
  package var expectation: String? { expected() }
  /// The expectation with 64-bit bounds, for messages about a value beyond 64 bits. Nil if
  /// `expectation` already has bounds.
  var boundedExpectation: String? { bounded() }
  package let allows: @Sendable (Value) -> Bool
  /// Finds the wrong part of a refused value: an item of a list, or the whole value.
  let culprit: @Sendable (Value, Node) -> WrongValue
  private let expected: @Sendable () -> String?
  private let bounded: @Sendable () -> String?

  package init(
    _ expectation: @escaping @autoclosure @Sendable () -> String?,
    allows: @escaping @Sendable (Value) -> Bool
  ) {
    self.init(expectation(), bounded: nil, allows: allows)
  }

  fileprivate init(
    _ expectation: @escaping @autoclosure @Sendable () -> String?,
    bounded: @escaping @autoclosure @Sendable () -> String?,
    allows: @escaping @Sendable (Value) -> Bool
  ) {
    self.init(
      expectation(), bounded: bounded(), allows: allows, culprit: { WrongValue(refused: $1) })
  }

  fileprivate init(
    _ expectation: @escaping @autoclosure @Sendable () -> String?,
    bounded: @escaping @autoclosure @Sendable () -> String?,
    allows: @escaping @Sendable (Value) -> Bool,
    culprit: @escaping @Sendable (Value, Node) -> WrongValue
  ) {
    expected = expectation
    self.bounded = bounded
    self.allows = allows
    self.culprit = culprit
  }

  package static var any: Constraint { Constraint(nil) { _ in true } }
}

extension Constraint where Value: FieldValue & Comparable & Sendable {
  package static func atLeast(_ least: Value) -> Constraint {
    Constraint(
      "\(Value.expectation) of at least \(least.text)",
      bounded: least is Int ? "\(Value.expectation) from \(least.text) to \(Int.max)" : nil
    ) { $0 >= least }
  }

  package static func above(_ bound: Value) -> Constraint {
    Constraint(
      "\(Value.expectation) above \(bound.text)",
      bounded: bound is Int ? "\(Value.expectation) above \(bound.text), up to \(Int.max)" : nil
    ) { $0 > bound }
  }

  package static func within(_ range: ClosedRange<Value>) -> Constraint {
    Constraint(
      "\(Value.expectation) from \(range.lowerBound.text) to \(range.upperBound.text)"
    ) { range.contains($0) }
  }

  /// Allows values from the lower bound up to, but not including, the upper bound.
  package static func within(_ range: Range<Value>) -> Constraint {
    Constraint(
      "\(Value.expectation) from \(range.lowerBound.text) to below \(range.upperBound.text)"
    ) { range.contains($0) }
  }
}

extension Constraint {
  /// Requires a nonempty list in which every item satisfies `item`.
  package static func each<Item: FieldValue>(_ item: Constraint<Item>) -> Constraint
  where Value == [Item] {
    Constraint(
      "a list, each item \(item.expectation ?? Item.expectation)",
      bounded: "a list, each item \(item.widestExpectation)",
      allows: { !$0.isEmpty && $0.allSatisfy(item.allows) },
      culprit: { items, node in
        Constraint.place(of: items.firstIndex { !item.allows($0) }, in: items, node)
          .map { WrongValue(refused: $0.node) } ?? WrongValue(refused: node)
      })
  }

  /// Requires a list in which every item satisfies `item` and fits the earlier items. The whole
  /// list must satisfy `allows`.
  ///
  /// - Parameters:
  ///   - expectation: the expectation of the whole list.
  ///   - item: the constraint of each item. A message about one item states what that item should
  ///     be.
  ///   - misfit: returns the index of the first item that does not fit the earlier ones. Nil if the
  ///     list as a whole is wrong.
  package static func list<Item: FieldValue>(
    _ expectation: String, of item: Constraint<Item>,
    allows: @escaping @Sendable ([Item]) -> Bool = { _ in true },
    misfit: @escaping @Sendable ([Item]) -> Int? = { _ in nil }
  ) -> Constraint where Value == [Item] {
    Constraint(
      expectation, bounded: nil,
      allows: { $0.allSatisfy(item.allows) && misfit($0) == nil && allows($0) },
      culprit: { items, node in
        if let bad = Constraint.place(
          of: items.firstIndex { !item.allows($0) }, in: items, node)
        {
          let part = item.culprit(items[bad.index], bad.node)
          return WrongValue(part, expected: item.expectation ?? Item.expectation)
        }
        return WrongValue(
          refused: Constraint.place(of: misfit(items), in: items, node)?.node ?? node)
      })
  }

  /// The node of an item. For a single value, which represents a list of one item, this is the
  /// value's node.
  private static func place<Item>(
    of index: Int?, in items: [Item], _ node: Node
  ) -> (index: Int, node: Node)? {
    guard let index else { return nil }
    guard let nodes = node.items else { return (index, node) }
    return nodes.count == items.count ? (index, nodes[index]) : nil
  }

  /// Applies `wrapped` to a value that is present. An absent value is allowed.
  package static func given<Wrapped: FieldValue>(_ wrapped: Constraint<Wrapped>) -> Constraint
  where Value == Wrapped? {
    Constraint(
      wrapped.expectation, bounded: wrapped.boundedExpectation,
      allows: { $0.map(wrapped.allows) ?? true },
      culprit: { value, node in
        value.map { wrapped.culprit($0, node) } ?? WrongValue(refused: node)
      })
  }
}

extension Constraint where Value == String {
  /// Requires a name of a layer or a blob.
  package static var name: Constraint {
    Constraint("a name of 1 to 200 printable characters") {
      (1...200).contains($0.count) && $0.escapingControls == $0
    }
  }
}

extension Constraint where Value: FieldValue {
  /// The expectation for an integer that does not fit into 64 bits.
  var widestExpectation: String {
    boundedExpectation ?? expectation ?? Value.boundedExpectation
  }
}

extension FieldValue {
  /// The value as a file writes it.
  fileprivate var text: String { encoded.scalar?.text ?? "" }
}
