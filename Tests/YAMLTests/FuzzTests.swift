import Files
import Oracles
import Testing
import YAML

/// Reads twenty thousand short and unusual texts. None may stop the program, and every refusal has
/// a message. Every accepted text is written and reads back as the same values.
@Suite struct FuzzTests {
  private static let seeds = [
    "name: lenet\nseed: 1\ndata:\n  train: {source: idx, batch_size: 64}\n",
    "network:\n  - {name: ip1, type: Linear, num_output: 500}\n  - {name: loss}\n",
    "a: &x [1, 2.5, ~, 'it''s', \"\\x41\\n\"]\nb: *x\nc: {<<: {d: 1}, e: 2}\n",
    "? key\n: |\n  literal\n   text\n? other\n: >-\n  folded\n\n  text\n",
    "%YAML 1.2\n--- !!map\n!!str a: !!int 3\n...\n# end\n",
    "- - - x\n    - y\n  - []\n- {}\n- .inf\n- 0x1F\n",
  ]

  private static let tokens = [
    " ", "\n", "\n  ", "\t", ":", ": ", "- ", "? ", "[", "]", "{", "}", ",", "&a ", "*a", "!",
    "!!str ",
    "'", "\"", "\\", "|", ">", "#", "%", "@", "<<: ", "---", "...", "\r", "\u{85}", "\u{2028}", "é",
    "\u{301}", "😀", "\u{FEFF}", "\0", "\u{1}", "1", "~", "null", "1e999", "0x",
    "99999999999999999999",
  ]

  @Test(.tags(.slow), arguments: 0..<8) func nothingStopsTheProgram(_ seed: UInt64) throws {
    var generator = FixedGenerator(seed: seed)
    var (read, refused) = (0, 0)
    for _ in 0..<2500 {
      let bytes = randomText(&generator)
      let node: Node
      do {
        node = try Node.parse(bytes, name: "fuzz")
        read += 1
      } catch {
        refused += 1
        guard error.hasErrors, error.rendered.hasPrefix("fuzz:") else {
          Issue.record("\(bytes): \(error.rendered)")
          return
        }
        continue
      }
      #expect(node.json.hasSuffix("\n"))
      let yaml = node.yaml
      guard let again = try? parsed(yaml), again.outline == node.outline else {
        Issue.record("\(bytes)\n\(node.outline)\n\(yaml)")
        return
      }
    }
    // Both outcomes occur often enough.
    #expect(read > 250 && refused > 250)
  }

  private func randomText(_ generator: inout FixedGenerator) -> [UInt8] {
    var bytes = Array((FuzzTests.seeds.randomElement(using: &generator) ?? "").utf8)
    if Int.random(in: 0..<4, using: &generator) == 0 { bytes = [] }
    for _ in 0..<Int.random(in: 0..<8, using: &generator) {
      let place = Int.random(in: 0...bytes.count, using: &generator)
      switch Int.random(in: 0..<8, using: &generator) {
      case 0 where place < bytes.count:
        bytes[place] = UInt8.random(in: 0...255, using: &generator)
      case 1:
        let end = min(bytes.count, place + Int.random(in: 0..<10, using: &generator))
        bytes.removeSubrange(place..<end)
      case 2:
        let end = min(bytes.count, place + Int.random(in: 0..<20, using: &generator))
        bytes.insert(contentsOf: bytes[place..<end], at: place)
      default:
        bytes.insert(
          contentsOf: (FuzzTests.tokens.randomElement(using: &generator) ?? "").utf8, at: place)
      }
    }
    switch Int.random(in: 0..<40, using: &generator) {
    case 0: return [0xFF, 0xFE] + bytes
    case 1: return [0xFE, 0xFF] + bytes.flatMap { [0, $0] }
    case 2: return [0xFF, 0xFE] + bytes.flatMap { [$0, 0] }
    case 3: return [0xEF, 0xBB, 0xBF] + bytes
    default: return bytes
    }
  }
}
