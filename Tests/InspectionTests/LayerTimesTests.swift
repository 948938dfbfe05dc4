import DataFiles
import DataSources
import Files
import Inspection
import Networks
import Oracles
import RunOracles
import Runs
import Testing

@Suite("The times of layers") struct LayerTimesTests {
  private static let network = [
    "name: ip1, type: Linear, num_output: 8", "name: relu1, type: ReLU",
    "name: bn1, type: BatchNorm", "name: ip2, type: Linear, num_output: 3",
    "name: loss, type: SoftmaxWithLoss",
    "name: accuracy, type: Accuracy, bottom: [ip2, label], phase: test",
  ]

  private static func times(
    _ phase: DataPhase
  ) throws -> (LayerTimes, changed: Bool) {
    let solver = "base_lr: 1e6, max_iter: 1, clip_gradients: 1, shards: 2"
    let folder = try TemporaryFolder()
    try folder.write(spiralModel(network: network, solver: solver), to: "model.yaml")
    var options = RunOptions()
    options.threads = 2
    let step = try FirstStep(
      path: folder.file("model.yaml"), options: options, phase: phase,
      purposes: [LayerTimes.purpose(phase)])
    let times = try LayerTimes(step, threads: 2, repeats: 4)
    return (times, step.store.firstNonFinite != nil)
  }

  @Test("cover fused layers together, both directions and the update")
  func training() throws {
    let (times, isBroken) = try LayerTimesTests.times(.train)
    #expect(!isBroken)
    #expect(times.rows.map(\.name) == ["data", "ip1+relu1", "bn1", "ip2", "loss", "solver"])
    #expect(
      times.rows.map(\.type) == [
        "", "Linear+ReLU", "BatchNorm", "Linear", "SoftmaxWithLoss", "",
      ])
    let isTimed = times.rows.map { [$0.forward > 0, $0.backward > 0, $0.update > 0] }
    #expect(
      isTimed == [
        [true, false, false], [true, true, true], [true, true, true], [true, true, true],
        [true, true, false], [false, false, true],
      ])
    // Forward takes 2·N·in·out. Backward takes the same for the weights, and again for the input
    // where it is needed.
    let (first, second) = (times.rows[1], times.rows[3])
    #expect([first.forwardFlops, first.backwardFlops] == [512, 512])
    #expect([second.forwardFlops, second.backwardFlops] == [768, 1536])
    #expect(times.step > 0 && times.sum > 0)
    let lines = times.text.split(separator: "\n").map(String.init)
    #expect(lines.count == 11)
    #expect(lines[0] == "milliseconds of a training step, batch of 16, median of 4")
    let columns = ["layer", "type", "forward", "GFLOP/s", "backward", "GFLOP/s", "update", "share"]
    #expect(lines[1].split(separator: " ").map(String.init) == columns)
    #expect(lines[3].hasPrefix("ip1+relu1  Linear+ReLU  ") && lines[3].hasSuffix("%"))
    #expect(lines[8].hasPrefix("total ") && lines[8].hasSuffix("  100.0%"))
    #expect(lines[9].hasPrefix("sum of the layers on 1 thread: "))
    #expect(lines[10].hasPrefix("whole on 2 threads: ") && lines[10].hasSuffix(" ms"))
  }

  @Test("cover only the forward direction in the test phase")
  func testing() throws {
    let (times, _) = try LayerTimesTests.times(.test)
    #expect(
      times.rows.map(\.name) == ["data", "ip1+relu1", "bn1", "ip2", "loss", "accuracy"])
    #expect(times.rows.allSatisfy { $0.forward > 0 && $0.backward == 0 && $0.update == 0 })
    #expect(times.rows.allSatisfy { $0.backwardFlops == 0 })
    let lines = times.text.split(separator: "\n").map(String.init)
    #expect(lines[0] == "milliseconds of a pass forward, batch of 16, median of 4")
    #expect(
      lines[1].split(separator: " ").map(String.init) == [
        "layer", "type", "forward", "GFLOP/s", "share",
      ])
  }

  @Test("are medians")
  func medians() {
    #expect(LayerTimes.median([3, 1, 2]) == 2)
    #expect(LayerTimes.median([4, 1, 2, 3]) == 2.5)
    #expect(LayerTimes.median([7]) == 7)
    #expect(LayerTimes.median([]) == 0)
  }
}
