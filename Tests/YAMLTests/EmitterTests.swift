import Oracles
import Testing
import YAML

@Suite struct EmitterTests {
  @Test func writesAModelFileAsAPersonWould() throws {
    let node = try parsed(
      """
      name: lenet
      data: {train: {source: idx, images: data/train-images.gz, labels: data/train-labels.gz,
                     batch_size: 64, shuffle: true}, test: {source: idx, batch_size: 100}}
      network: [{name: conv1, type: Convolution, num_output: 20, kernel_size: [5, 5]},
                {name: ip2, type: Linear, num_output: 10,
                 weight_filler: {type: gaussian, std: 1e-2},
                 bias_filler: {type: constant, value: 0}}]
      solver: {type: SGD, lr_policy: {type: inv, gamma: 0.0001}, steps: [], note: }
      expect: {test_accuracy: ">= 0.97"}
      """)
    #expect(
      node.yaml == """
        name: lenet
        data:
          train:
            source: idx
            images: data/train-images.gz
            labels: data/train-labels.gz
            batch_size: 64
            shuffle: true
          test: {source: idx, batch_size: 100}
        network:
        - {name: conv1, type: Convolution, num_output: 20, kernel_size: [5, 5]}
        - name: ip2
          type: Linear
          num_output: 10
          weight_filler: {type: gaussian, std: 1e-2}
          bias_filler: {type: constant, value: 0}
        solver:
          type: SGD
          lr_policy: {type: inv, gamma: 0.0001}
          steps: []
          note: ~
        expect:
          test_accuracy: '>= 0.97'

        """)
  }

  @Test func longListsOfScalarsAreBroken() throws {
    let node = Node.mapping([("weights", .sequence((0..<19).map { .plain("\($0 * 100)") }))])
    let lines = node.yaml.split(separator: "\n")
    #expect(lines.map(\.count) == [93, 19])
    #expect(lines.last == "  1600, 1700, 1800]")
    #expect(try parsed(node.yaml).outline == node.outline)
  }

  private static let scalars: [(node: Node, text: String)] = [
    (.plain("1e-3"), "1e-3"), (.plain("0x1F"), "0x1F"), (.plain("-.inf"), "-.inf"),
    (.plain(".nan"), ".nan"), (.plain("true"), "true"), (.plain(""), "~"), (.plain("~"), "~"),
    (.plain("99999999999999999999"), "99999999999999999999"),
    (.text("abc"), "abc"), (.text("a b"), "a b"), (.text("yes"), "yes"), (.text("1"), "'1'"),
    (.text(""), "''"), (.text("~"), "'~'"), (.text("null"), "'null'"), (.text("true"), "'true'"),
    (.text(".nan"), "'.nan'"), (.text("<<"), "'<<'"), (.text("it's"), "it's"),
    (.text("'it'"), "'''it'''"), (.text(" a"), "' a'"), (.text("a "), "'a '"),
    (.text("a: b"), "'a: b'"), (.text("a #b"), "'a #b'"), (.text("- a"), "'- a'"),
    (.text("*a"), "'*a'"), (.text("---"), "'---'"), (.text("[a"), "'[a'"),
    (.text("a\nb"), #""a\nb""#),
    (.text("a\tb"), #""a\tb""#), (.text("\u{1B}\0"), #""\e\0""#), (.text("\u{2028}"), #""\L""#),
    (.text("\u{85}"), #""\N""#), (.text("\u{202E}"), "\"\u{202E}\""), (.text("größe"), "größe"),
    (.text("😀"), #""\U0001F600""#), (.text("\u{FEFF}"), #""\uFEFF""#), (.text("\\n"), #"\n"#),
  ]

  @Test(arguments: scalars) func quotesWhatWouldReadAsSomethingElse(_ node: Node, _ text: String)
    throws
  {
    let document = Node.mapping([("key", node)]).yaml
    #expect(document == "key: \(text)\n")
    #expect(try parsed(document)["key"]?.outline == node.outline)
    let flow = try parsed(Node.sequence([node, node]).yaml)
    #expect(flow.outline == "[\(node.outline), \(node.outline)]")
    guard case .text(let key) = node.scalar?.resolved else { return }
    #expect(try parsed(Node.mapping([(key, .plain("1"))]).yaml)[key]?.outline == "1")
  }

  @Test func emptyCollectionsStandInTheLine() {
    #expect(Node.mapping([]).yaml == "{}\n")
    #expect(Node.sequence([]).yaml == "[]\n")
    #expect(Node.mapping([("a", .mapping([])), ("b", .sequence([]))]).yaml == "a: {}\nb: []\n")
  }

  @Test func longTextsAndKeysReadBack() throws {
    let words = String(repeating: "many words - and: # signs' ", count: 40) + "\n  end "
    let key = String(repeating: "k", count: 300)
    let node = Node.mapping([
      (key, .text(words)), ("b", .mapping([(key, .sequence([.text(words)]))])),
    ])
    #expect(try parsed(node.yaml).outline == node.outline)
  }

  @Test func deepNodesReadBack() throws {
    var node = Node.text("x")
    for depth in 0..<Limits.depth {
      node = depth.isMultiple(of: 2) ? .sequence([node, .plain("1")]) : .mapping([("a", node)])
    }
    #expect(try parsed(node.yaml).outline == node.outline)
  }

  /// Random nodes read back as the same values.
  @Test(arguments: 0..<8) func randomNodesReadBack(_ seed: UInt64) throws {
    var generator = FixedGenerator(seed: seed)
    for _ in 0..<500 {
      let node = randomNode(depth: 4, &generator)
      let yaml = node.yaml
      guard try parsed(yaml).outline == node.outline else {
        Issue.record("\(node.outline)\n\(yaml)")
        return
      }
    }
  }

  private func randomNode(depth: Int, _ generator: inout FixedGenerator) -> Node {
    switch Int.random(in: 0..<(depth > 0 ? 10 : 6), using: &generator) {
    case 0: return .plain(randomNumber(&generator))
    case 1:
      return .plain(
        ["~", "null", "true", "False", ".inf", ".nan", ""].randomElement(using: &generator) ?? "")
    case 2..<6: return .text(randomText(&generator))
    case 6..<8:
      let count = Int.random(in: 0..<8, using: &generator)
      return .sequence((0..<count).map { _ in randomNode(depth: depth - 1, &generator) })
    default:
      let count = Int.random(in: 0..<8, using: &generator)
      return .mapping(
        (0..<count).map {
          ("\($0)" + randomText(&generator), randomNode(depth: depth - 1, &generator))
        })
    }
  }

  private func randomNumber(_ generator: inout FixedGenerator) -> String {
    switch Int.random(in: 0..<3, using: &generator) {
    case 0: "\(Int.random(in: .min ... .max, using: &generator))"
    case 1:
      "\(Double(bitPattern: generator.next()).magnitude)".replacing("nan", with: ".nan")
        .replacing("inf", with: ".inf")
    default: "0x" + String(generator.next(), radix: 16)
    }
  }

  /// Texts that are easily misread: indicators, blanks, breaks, and words of the core schema.
  private func randomText(_ generator: inout FixedGenerator) -> String {
    let pieces = [
      "a", "Z", "9", " ", "  ", "\n", "\t", ":", ": ", "#", " #", "-", "- ", "?", ",", "[", "]",
      "{",
      "}", "&", "*", "!", "|", ">", "'", "\"", "%", "@", "`", "\\", "é", "字", "😀", "\u{85}",
      "\u{2028}", "\u{FEFF}", "\0", "\u{7F}", "\r", "~", "null", "<<", "---", "...", ".", "1e3",
      "0x",
      "\u{301}", "\u{FFFD}", "word word word word word ",
    ]
    let count = Int.random(in: 0..<7, using: &generator)
    return (0..<count).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
  }
}
