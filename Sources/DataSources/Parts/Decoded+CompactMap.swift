internal import Fields
internal import YAML

extension Decoded {
  /// Transforms a decoded value. The value is wrong when `transform` returns nil.
  ///
  /// - Parameter node: the node that the value was read from.
  func compactMap<Result>(
    of node: Node, _ transform: (Value) -> Result?
  ) -> Decoded<Result> {
    switch self {
    case .value(let value):
      transform(value).map(Decoded<Result>.value) ?? .wrong([WrongValue(refused: node)])
    case .mismatch: .mismatch
    case .wrong(let parts): .wrong(parts)
    case .reported: .reported
    }
  }
}
