internal import ArgumentParser
internal import Runs
internal import Training

/// Which weights of a finished run a command reads.
struct SavedWeightsOption: ParsableArguments {
  enum Name: String, ExpressibleByArgument, CaseIterable {
    case best
    case last
  }

  @Option(
    help: ArgumentHelp(
      "The weights of the run: those of its best test, or those at its end. Default: best, where "
        + "the run has them.", valueName: "best|last"))
  var weights: Name?

  var choice: SavedWeights? {
    switch weights {
    case .best: .best
    case .last: .last
    case nil: nil
    }
  }
}
