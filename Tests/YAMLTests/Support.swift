import Glibc
import YAML

/// Everything that is wrong with a text, as a user sees it; empty if nothing is.
func mistakes(in bytes: [UInt8]) -> String {
  do {
    _ = try Node.parse(bytes, name: "test.yaml")
    return ""
  } catch {
    return error.rendered
  }
}

func mistakes(in text: String) -> String { mistakes(in: Array(text.utf8)) }

/// The first lines of the messages: place, severity, message.
func headlines(of text: String) -> [String] {
  do {
    _ = try Node.parse(Array(text.utf8), name: "t")
    return []
  } catch {
    return error.sorted.map { "\($0.mark.description): \($0.severity.rawValue): \($0.message)" }
  }
}

func parsed(_ text: String) throws(Diagnostics) -> Node {
  try Node.parse(Array(text.utf8), name: "test.yaml")
}

extension Node {
  /// The values without their places: `{"a": [1, 1.0, "text", null]}`.
  var outline: String {
    switch value {
    case .scalar(let scalar):
      switch scalar.resolved {
      case .null: "null"
      case .boolean(let value): "\(value)"
      case .integer(let value): "\(value)"
      case .hugeInteger: "huge \(scalar.text)"
      case .number(let value): "\(value)"
      case .text(let text): text.debugDescription
      }
    case .sequence(let items): "[\(items.map(\.outline).joined(separator: ", "))]"
    case .mapping(let pairs):
      "{\(pairs.map { "\($0.key.outline): \($0.value.outline)" }.joined(separator: ", "))}"
    }
  }
}

/// A generator whose numbers are the same in every run (SplitMix64; G. L. Steele, D. Lea and
/// C. H. Flood, "Fast splittable pseudorandom number generators", 2014).
struct FixedGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
