internal import DataFiles
internal import DataSources
internal import Expressions
internal import Plans
internal import YAML

extension LayerTimes {
  /// The table that `dlrun time` prints: one row per layer, and the totals.
  ///
  /// Times are in milliseconds. The rates beside them are in 10⁹ floating-point operations per
  /// second.
  package var text: String {
    let isTraining = phase == .train
    var header = ["layer", "type", "forward", "GFLOP/s"]
    if isTraining { header += ["backward", "GFLOP/s", "update"] }
    header.append("share")
    let lines = TextTable.lines(
      [header] + rows.map { cells($0, isTraining) } + [totals(isTraining)],
      rightAligned: Set(2..<header.count))
    let what = isTraining ? "training step" : "pass forward"
    let title = "milliseconds of a \(what), batch of \(batchSize), median of \(repeats)"
    let sums =
      [
        "sum of the layers on 1 thread: \(LayerTimes.milliseconds(sum)) ms",
        "whole on \(threads) thread\(threads == 1 ? "" : "s"): "
          + "\(LayerTimes.milliseconds(step)) ms",
      ] + (waiting.map { ["waiting for data: \(LayerTimes.milliseconds($0)) ms"] } ?? [])
    return ([title] + lines + sums).joined(separator: "\n")
  }

  private func cells(_ row: Row, _ isTraining: Bool) -> [String] {
    var cells = [
      row.name.escapingControls, row.type, LayerTimes.milliseconds(row.forward),
      LayerTimes.rate(row.forwardFlops, row.forward),
    ]
    if isTraining {
      cells += [
        LayerTimes.milliseconds(row.backward), LayerTimes.rate(row.backwardFlops, row.backward),
        LayerTimes.milliseconds(row.update),
      ]
    }
    return cells + ["\((100 * row.total / sum).fixed(decimals: 1))%"]
  }

  private func totals(_ isTraining: Bool) -> [String] {
    func total(_ number: (Row) -> Double) -> Double { rows.reduce(0) { $0 + number($1) } }
    let (forward, backward) = (total(\.forward), total(\.backward))
    var cells = [
      "total", "", LayerTimes.milliseconds(forward),
      LayerTimes.rate(total(\.forwardFlops), forward),
    ]
    if isTraining {
      cells += [
        LayerTimes.milliseconds(backward), LayerTimes.rate(total(\.backwardFlops), backward),
        LayerTimes.milliseconds(total(\.update)),
      ]
    }
    return cells + ["100.0%"]
  }

  private static func milliseconds(_ seconds: Double) -> String {
    (seconds * 1000).fixed(decimals: 4)
  }

  /// Returns the rate, or an empty text if no operations are counted.
  private static func rate(_ flops: Double, _ seconds: Double) -> String {
    flops > 0 && seconds > 0 ? (flops / seconds / 1e9).fixed(decimals: 1) : ""
  }
}
