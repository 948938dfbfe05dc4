/// Targets along one axis of a window that see the same taps.
///
/// A target is an output of a convolution, or an input whose gradient is computed. Its sources are
/// the inputs, or the output gradients, that contribute to it. A tap is an element of the window.
/// Taps whose source is padding are left out.
struct AxisRun: Equatable {
  /// The first target, the number of targets, and the distance between them.
  var target: Int
  var count = 1
  let targetStep: Int
  /// The source of the first target at the first tap.
  let source: Int
  /// The distance between the sources of successive targets.
  let sourceStep: Int
  /// The place of the first tap in the order of ``TapOrder``, and the number of taps.
  let firstTap: Int
  let taps: Int

  /// True if `next` continues this run.
  private func isContinued(by next: AxisRun) -> Bool {
    next.target == target + count * targetStep && next.firstTap == firstTap && next.taps == taps
      && (taps == 0 || next.source == source + count * sourceStep)
  }

  /// Appends a target to the last run, or as a run of its own.
  fileprivate static func append(_ next: AxisRun, to runs: inout [AxisRun]) {
    if let last = runs.last, last.isContinued(by: next) {
      runs[runs.count - 1].count += 1
    } else {
      runs.append(next)
    }
  }
}

/// The order in which packed weights have the taps of one axis, and the runs of targets.
///
/// The taps of every target are adjacent in this order, and their sources ascend by
/// `sourceDistance` from tap to tap.
struct TapOrder {
  /// The tap at each place.
  let taps: [Int]
  /// The distance between the sources of adjacent taps of one target.
  let sourceDistance: Int
  let runs: [AxisRun]

  /// The outputs of a convolution: output o reads input o·stride + k·dilation − padding at tap k.
  init(outputsOf axis: Window.Axis) {
    taps = Array(0..<axis.kernel)
    sourceDistance = axis.dilation
    var runs: [AxisRun] = []
    for output in 0..<axis.output {
      let start = output * axis.stride - axis.padding
      // The taps k with 0 ≤ start + k·dilation < input.
      let first = start >= 0 ? 0 : (axis.dilation - 1 - start) / axis.dilation
      let end = start >= axis.input ? 0 : (axis.input - 1 - start) / axis.dilation + 1
      let count = max(0, min(end, axis.kernel) - first)
      AxisRun.append(
        AxisRun(
          target: output, targetStep: 1, source: count == 0 ? 0 : start + first * axis.dilation,
          sourceStep: axis.stride, firstTap: count == 0 ? 0 : first, taps: count), to: &runs)
    }
    self.runs = runs
  }

  /// The inputs of a convolution. Input i receives the gradients of the outputs o that read it, in
  /// ascending order: o·stride + k·dilation − padding = i.
  ///
  /// From one output to the next that reads the same input, the tap falls by stride / g, where g is
  /// the greatest common divisor of stride and dilation. Inputs that are `stride` apart see the same
  /// taps.
  init(inputsOf axis: Window.Axis) {
    let divisor = greatestCommonDivisor(axis.stride, axis.dilation)
    let tapStep = axis.stride / divisor
    sourceDistance = axis.dilation / divisor
    var (taps, places) = ([Int](), [Int](repeating: 0, count: axis.kernel))
    for residue in 0..<min(tapStep, axis.kernel) {
      for tap in stride(from: residue, to: axis.kernel, by: tapStep).reversed() {
        places[tap] = taps.count
        taps.append(tap)
      }
    }
    self.taps = taps
    var runs: [AxisRun] = []
    for phase in 0..<min(axis.stride, axis.input) {
      for input in stride(from: phase, to: axis.input, by: axis.stride) {
        let (first, count, source) = TapOrder.sources(of: input, axis, tapStep: tapStep)
        AxisRun.append(
          AxisRun(
            target: input, targetStep: axis.stride, source: source, sourceStep: 1,
            firstTap: count == 0 ? 0 : places[first], taps: count), to: &runs)
      }
    }
    self.runs = runs
  }

  /// The greatest tap through which an output reads `input`, the number of such taps, and the
  /// output of the greatest tap.
  private static func sources(
    of input: Int, _ axis: Window.Axis, tapStep: Int
  ) -> (first: Int, count: Int, source: Int) {
    // The output of tap k is (input + padding − k·dilation) / stride, if this is a whole number
    // from 0 to output − 1. It falls as k rises.
    let place = input + axis.padding
    var (first, count, source) = (0, 0, 0)
    var tap = min(axis.kernel - 1, place / axis.dilation)
    while tap >= 0 {
      let distance = place - tap * axis.dilation
      if distance % axis.stride != 0 {
        tap -= 1
        continue
      }
      guard distance / axis.stride < axis.output else { break }
      if count == 0 { (first, source) = (tap, distance / axis.stride) }
      count += 1
      tap -= tapStep
    }
    return (first, count, source)
  }
}

private func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
  b == 0 ? a : greatestCommonDivisor(b, a % b)
}
