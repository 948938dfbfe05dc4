package import YAML

/// A size of memory as a person writes it: `1048576`, `500MB`, `4 GiB`.
package struct MemorySize: FieldValue, Equatable {
  package let bytes: Int

  /// Reads a size. Nil for a malformed text, a size below 1 byte, and a size that does not fit in
  /// 64 bits.
  package init?(_ text: String) {
    let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    let unit = text.dropFirst(digits.count).drop { $0 == " " }.lowercased()
    let factors = [
      "": 1.0, "b": 1, "kb": 1e3, "mb": 1e6, "gb": 1e9, "tb": 1e12, "k": 1024, "m": 1_048_576,
      "g": 1_073_741_824, "kib": 1024, "mib": 1_048_576, "gib": 1_073_741_824,
      "tib": 1_099_511_627_776,
    ]
    guard let number = Double(digits), let factor = factors[unit], number * factor >= 1,
      let bytes = Int(exactly: (number * factor).rounded(.down))
    else { return nil }
    self.bytes = bytes
  }

  package static var expectation: String { "a size such as 500MB or 4 GiB" }

  package static func decode(
    _ node: Node, _ diagnostics: inout Diagnostics
  ) -> Decoded<MemorySize> {
    guard let scalar = node.scalar, !node.isNull, let size = MemorySize(scalar.trimmedText) else {
      return .mismatch
    }
    return .value(size)
  }

  package var encoded: Node { .plain(String(bytes)) }
}
