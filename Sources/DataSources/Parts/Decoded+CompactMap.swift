internal import YAML

extension Decoded {
  /// What `transform` makes of a value; a mismatch where it makes nothing.
  func compactMap<Result>(_ transform: (Value) -> Result?) -> Decoded<Result> {
    switch self {
    case .value(let value): transform(value).map(Decoded<Result>.value) ?? .mismatch
    case .mismatch: .mismatch
    case .wrong(let parts): .wrong(parts)
    case .reported: .reported
    }
  }
}
