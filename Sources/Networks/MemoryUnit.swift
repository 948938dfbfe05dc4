internal import YAML

/// A unit of memory. Formats sizes with one decimal.
package enum MemoryUnit: Sendable {
  case mebibytes
  case gibibytes

  /// Returns the unit in which a size is easy to read.
  package static func of(_ bytes: Double) -> MemoryUnit {
    bytes >= 0x1p30 ? .gibibytes : .mebibytes
  }

  package var name: String { self == .mebibytes ? "MiB" : "GiB" }

  var bytes: Double { self == .mebibytes ? 0x1p20 : 0x1p30 }

  package func text(_ size: Double) -> String {
    guard size.isFinite else { return "more than \(0x1p63 / bytes)" }
    let count = size / bytes
    // From this size on, a Double has no fraction.
    return count < 0x1p50 ? count.rounded(decimals: 1) : "\(count)"
  }
}
