import ModelFiles
import ModelOracles
import Oracles
import Testing
import YAML

/// Tests that networks of excessive size are refused quickly and without much memory.
@Suite("Limits of blocks")
struct BlockLimitsTests {
  /// Sixty blocks. Each calls the previous one twice.
  private func tower(_ layer: String, parameters: String = "", argument: String = "") -> String {
    let head = parameters.isEmpty ? "" : "parameters: \(parameters), "
    let calls = (1..<60).map { number in
      "b\(number): {\(head)layers: [{name: x, block: b\(number - 1)\(argument)}, "
        + "{name: y, block: b\(number - 1)\(argument)}]}"
    }
    return (["b0: {\(head)layers: [{\(layer)}]}"] + calls).joined(separator: "\n")
  }

  /// Returns the first message, and the seconds of work before it.
  private func refusal(_ blocks: String, _ network: [String]) -> (String, Double) {
    let start = threadSeconds()
    let messages = headlines(in: blockModel(blocks, network))
    return (messages.first ?? "", threadSeconds() - start)
  }

  @Test("of layers: ten thousand in all", .tags(.slow))
  func layers() throws {
    let (message, seconds) = refusal(tower("name: a, type: ReLU"), ["name: n, block: b59"])
    #expect(
      message == """
        model.yaml:2:17: error: network: more than 10000 layers once blocks and 'repeat' are expanded
        """)
    #expect(seconds < 2)
    let network = ["name: a, type: ReLU, repeat: 9999", "name: loss, type: SoftmaxWithLoss"]
    #expect(try model(blockModel("", network)).network.count == 10_000)
    #expect(
      headlines(in: blockModel("", network + ["name: b, type: ReLU"])) == [
        "model.yaml:4:5: error: network: more than 10000 layers once blocks and 'repeat' are expanded"
      ])
    let nested = refusal(
      "b: {layers: [{name: a, type: ReLU, repeat: 10000}]}", ["name: n, block: b, repeat: 10000"])
    #expect(nested.0.hasSuffix("layers once blocks and 'repeat' are expanded"))
    #expect(nested.1 < 2)
  }

  @Test("of steps that make no layer", .tags(.slow))
  func steps() {
    let (message, seconds) = refusal(
      tower("name: a, type: ReLU, when: false"), ["name: n, block: b59"])
    #expect(message.hasSuffix(": error: more than 1000000 steps to expand the blocks"))
    #expect(seconds < 4)
  }

  @Test("of nodes, with a parameter's list that doubles at every call")
  func nodes() {
    let (message, seconds) = refusal(
      tower("name: a, type: ReLU", parameters: "{p: ~}", argument: ", p: [$(p), $(p)]"),
      ["name: n, block: b59, p: [1, 2]"])
    #expect(message.hasSuffix(": error: more than 1000000 nodes once blocks are expanded"))
    #expect(seconds < 2)
  }

  @Test("of texts, with a parameter's text that doubles at every call")
  func texts() {
    let (message, seconds) = refusal(
      tower("name: a, type: ReLU", parameters: "{p: ~}", argument: ", p: $(p)$(p)"),
      ["name: n, block: b59, p: abcdefgh"])
    #expect(message.hasSuffix(": error: more than 1 MB of text once its variables are replaced"))
    #expect(seconds < 2)
  }

  @Test("of depth: 64 blocks, and 64 collections")
  func depth() throws {
    func chain(_ count: Int, from first: Bool) -> String {
      let blocks = (1..<count).map { "b\($0): {layers: [{name: x, block: b\($0 - 1)}]}" }
      let last = ["b0: {layers: [{name: a, type: ReLU}]}"]
      return (first ? last + blocks : blocks.reversed() + last).joined(separator: "\n")
    }
    for isForward in [true, false] {
      let layers = try expanded(chain(64, from: isForward), ["name: n, block: b63"])
      #expect(layers == ["n/" + String(repeating: "x/", count: 63) + "a(…) → n"])
      let (message, _) = refusal(chain(65, from: isForward), ["name: n, block: b63"])
      #expect(message.hasSuffix(": error: calls of blocks are nested more than 64 deep"))
      let long = refusal(chain(5000, from: isForward), ["name: n, block: b63"])
      #expect(long.0.hasSuffix(": error: calls of blocks are nested more than 64 deep"))
      #expect(long.1 < 2)
    }
    let brackets = String(repeating: "[", count: 40) + "$(p)" + String(repeating: "]", count: 40)
    let deep = refusal(
      """
      a: {parameters: {p: ~}, layers: [{name: a, type: ReLU}, {name: b, block: b, p: \(brackets)}]}
      b: {parameters: {p: ~}, layers: [{name: a, type: Linear, num_output: $(p)}]}
      """, ["name: n, block: a, p: \(brackets.replacing("$(p)", with: "1"))"])
    #expect(deep.0.hasSuffix(": error: nested more than 64 deep"))
  }

  @Test("of chains of names: chains as long as the network are resolved, and cycles are cut")
  func meanings() {
    let chain = (0..<9000).map { "name: a\($0), type: ReLU, bottom: a\($0 + 1), when: false" }
    let start = threadSeconds()
    let layers = try? expanded(
      "", chain + ["name: a9000, type: ReLU, bottom: data", "name: x, type: ReLU, bottom: a0"])
    #expect(layers == ["a9000(data)", "x(a9000)"])
    #expect(threadSeconds() - start < 2)
    let circle = try? expanded(
      "",
      [
        "name: a, type: ReLU, bottom: b, when: false",
        "name: b, type: ReLU, bottom: a, when: false", "name: x, type: ReLU, bottom: a",
      ])
    #expect(circle == ["x(b)"])
  }

  @Test("of mistakes: a mistake in a block with ten thousand copies is reported once")
  func mistakes() {
    let (message, seconds) = refusal(
      "b: {layers: [{name: a, type: ReLU, slope: 1}]}", ["name: n, block: b, repeat: 9000"])
    #expect(message == "model.yaml:2:38: error: layer 'n/0/a': unknown field 'slope'")
    #expect(seconds < 2)
  }
}
