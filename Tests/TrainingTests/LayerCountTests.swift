import ModelFiles
import Networks
import Oracles
import RunOracles
import Runs
import Testing
import Training

@Suite("Models of many layers") struct LayerCountTests {
  enum Kind: String, CaseIterable, CustomTestStringConvertible {
    case chain, branches, residual, shared, convolutions, losses, heads, longSkips, reversed,
      inPlace, repeated

    var testDescription: String { rawValue }

    /// Returns about `count` layers.
    func layers(_ count: Int) -> [String] {
      let numbers = 0..<count
      let half = 0..<count / 2
      let linear = "type: Linear, num_output: 2"
      switch self {
      case .chain:
        return half.flatMap { ["name: ip\($0), \(linear)", "name: relu\($0), type: ReLU"] } + end
      case .branches:
        return ["name: stem, \(linear)"] + numbers.map { "name: b\($0), \(linear), bottom: stem" }
          + ["name: sum, type: Eltwise, bottom: [b0, b\(count - 1)]"] + end
      case .residual:
        return ["name: s0, \(linear)"]
          + half.flatMap {
            [
              "name: l\($0), \(linear), bottom: s\($0)",
              "name: s\($0 + 1), type: Eltwise, bottom: [l\($0), s\($0)]",
            ]
          } + end
      case .shared:
        return numbers.map { "name: ip\($0), \(linear), param: [{name: w}, {name: b}]" } + end
      case .convolutions:
        return ["name: r, type: Reshape, shape: [0, 2, 1, 1]"]
          + numbers.map { "name: c\($0), type: Convolution, num_output: 2, kernel_size: 1" } + end
      case .losses:
        return ["name: out, type: Linear, num_output: 3"]
          + numbers.map { "name: loss\($0), type: SoftmaxWithLoss, bottom: [out, label]" }
      case .heads:
        return ["name: stem, \(linear)"]
          + half.flatMap {
            [
              "name: h\($0), type: Linear, num_output: 3, bottom: stem",
              "name: loss\($0), type: SoftmaxWithLoss, bottom: [h\($0), label]",
            ]
          }
      case .longSkips:
        let down = (1..<count / 2).map { "name: d\($0), type: ReLU, bottom: d\($0 - 1)" }
        let up = (1..<count / 2).map { step in
          let before = step == 1 ? "d\(count / 2 - 1)" : "e\(step - 1)"
          return "name: e\(step), type: Eltwise, bottom: [\(before), d\(count / 2 - 1 - step)]"
        }
        return ["name: d0, \(linear)"] + down + up + end
      case .reversed:
        return numbers.dropFirst().reversed().map {
          "name: ip\($0), \(linear), bottom: ip\($0 - 1)"
        } + ["name: ip0, \(linear), bottom: data"]
          + [
            "name: out, type: Linear, num_output: 3, bottom: ip\(count - 1)",
            "name: loss, type: SoftmaxWithLoss, bottom: [out, label]",
          ]
      case .inPlace:
        return ["name: ip, \(linear)"]
          + numbers.map { "name: r\($0), type: ReLU, bottom: ip, top: ip" }
          + ["name: out, type: Linear, num_output: 3, bottom: ip"] + end.suffix(1)
      case .repeated:
        return ["name: ip, \(linear), repeat: \(count)"] + end
      }
    }

    private var end: [String] {
      ["name: out, type: Linear, num_output: 3", "name: loss, type: SoftmaxWithLoss"]
    }
  }

  /// Returns the seconds for the work of `check`: reading, expanding, wiring, and planning the
  /// memory of both phases.
  private static func seconds(_ kind: Kind, _ count: Int) throws -> Double {
    let text = spiralModel(network: kind.layers(count))
    let start = threadSeconds()
    let model = try prepared(text)
    #expect(model.training.nodes.count >= count - 1)
    #expect(model.memoryEstimate(dataBytes: nil).total > 0)
    return threadSeconds() - start
  }

  @Test(
    "are prepared in time that grows with the number of layers", .tags(.slow),
    arguments: Kind.allCases)
  func growth(kind: Kind) throws {
    let short = min(
      try LayerCountTests.seconds(kind, 250), try LayerCountTests.seconds(kind, 250))
    // Six times the layers take 6 times as long with linear growth, and 36 times with quadratic
    // growth. Placing many tensors that live at the same time lies between.
    #expect(try LayerCountTests.seconds(kind, 1500) < 28 * short)
  }

  @Test("train, with packed weights for each layer")
  func trains() throws {
    let folder = try TemporaryFolder()
    let outcome = try run(
      spiralModel(
        network: Kind.convolutions.layers(300), solver: "base_lr: 0.01, max_iter: 1"), in: folder
    ).outcome
    guard case .completed = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(folder.contents.contains("run/weights.safetensors"))
  }
}
