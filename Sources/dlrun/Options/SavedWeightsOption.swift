internal import ArgumentParser
internal import Runs

/// The option that selects the weights of a finished run.
struct SavedWeightsOption: ParsableArguments {
  enum Name: String, ExpressibleByArgument, CaseIterable {
    case best
    case last
  }

  @Option(
    help: ArgumentHelp(
      "The weights of the run's best test, or those at its end. Default: best, if the run has "
        + "them.", valueName: "best|last"))
  var weights: Name?

  var choice: SavedWeights? {
    switch weights {
    case .best: .best
    case .last: .last
    case nil: nil
    }
  }
}
