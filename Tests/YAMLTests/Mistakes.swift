import Glibc
import YAML

/// All mistakes of a text, as a user sees them. Empty if there are none.
func mistakes(in bytes: [UInt8]) -> String {
  do {
    _ = try Node.parse(bytes, name: "test.yaml")
    return ""
  } catch {
    return error.rendered
  }
}

func mistakes(in text: String) -> String { mistakes(in: Array(text.utf8)) }

/// The first line of each message: position, severity and text.
func headlines(of text: String) -> [String] {
  do {
    _ = try Node.parse(Array(text.utf8), name: "t")
    return []
  } catch {
    return error.sorted.map { "\($0.mark.description): \($0.severity.rawValue): \($0.message)" }
  }
}

/// A generator with identical numbers in every run (SplitMix64; G. L. Steele, D. Lea and C. H.
/// Flood, "Fast splittable pseudorandom number generators", 2014).
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
