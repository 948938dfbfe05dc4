package import DataFiles

/// The transforms of both parts, divided by the time at which they run.
///
/// Linear transforms at the start use the exact numbers of the file. They run once, on the stored numbers
/// in memory: see ``InputTransform``. All others run whenever a batch is loaded. For examples on demand,
/// those at the start run then too, with the same bits.
package struct PartTransforms: Sendable {
  /// The scaling among the transforms at the start.
  package let scaling: InputScaling?
  /// The standardization among the transforms at the start.
  private let standardize: Standardize?
  /// The linear transforms at the start.
  private let first: [TransformDeclaration]
  /// The other transforms.
  private let later: [TransformDeclaration]
  /// Whether the transforms at the start run when the data are read.
  let runsAtOnce: Bool
  private let seed: Int
  private let outside: Float

  /// Divides the transforms of a part.
  ///
  /// - Parameters:
  ///   - dataset: the stored examples.
  ///   - ignoredLabels: labels that the network ignores. The least of them is the class of pixels that
  ///     a transform adds.
  package init(
    _ part: DataDeclaration, of dataset: Dataset, seed: Int, ignoring ignoredLabels: Set<Int>
  ) {
    var rest = part.chain[...]
    var (mean, scale, standardize): (Mean?, Scale?, Standardize?)
    while dataset.hasOneShape, let next = rest.first, next.hasNoHeader {
      switch next.transform {
      case let value as Mean where mean == nil && scale == nil && standardize == nil: mean = value
      case let value as Scale where scale == nil && standardize == nil: scale = value
      case let value as Standardize where standardize == nil: standardize = value
      default:
        self.init(
          mean, scale, standardize, part.chain, Array(rest), dataset, seed, ignoredLabels)
        return
      }
      rest = rest.dropFirst()
    }
    self.init(mean, scale, standardize, part.chain, Array(rest), dataset, seed, ignoredLabels)
  }

  private init(
    _ mean: Mean?, _ scale: Scale?, _ standardize: Standardize?, _ all: [TransformDeclaration],
    _ later: [TransformDeclaration], _ dataset: Dataset, _ seed: Int, _ ignoredLabels: Set<Int>
  ) {
    first = Array(all.dropLast(later.count))
    runsAtOnce = dataset.isInMemory
    scaling = InputScaling(mean: mean?.value, scale: scale?.factor)
    self.standardize = standardize
    self.later = later
    self.seed = seed
    outside = Float(ignoredLabels.min() ?? 0)
  }

  /// Computes the statistics of the training part for a standardization at the start. Nil when there is
  /// none.
  ///
  /// - Parameters:
  ///   - dataset: the stored examples.
  ///   - rows: the examples of the training part. Nil means all.
  func firstStandardization(
    of dataset: Dataset, rows: [Bool]?
  ) throws(DataFailure) -> Standardization? {
    guard let standardize else { return nil }
    return try Standardization(of: dataset, after: scaling, per: standardize.group, rows: rows)
  }

  /// Computes the statistics of the training part for a later standardization. Nil when there is none.
  ///
  /// - Parameters:
  ///   - dataset: the examples after the transforms at the start.
  ///   - rows: the examples of the training part. Nil means all.
  func laterStandardization(
    of dataset: Dataset, rows: [Bool]?
  ) throws(DataFailure) -> Standardization? {
    guard let place = later.firstIndex(where: { $0.transform is Standardize }),
      let standardize = later[place].transform as? Standardize
    else { return nil }
    let before = try chain(Array(later[..<place]), dataset.tensors.map(\.top), nil, .train)
    let names = dataset.inputs.map(\.name).filter { name in
      later[place].top.map { $0 == name } ?? true
    }
    return try Standardization(
      transformed: dataset.transformed(by: before), names, per: standardize.group, rows: rows)
  }

  /// The transforms at the start. Nil when there are none.
  func first(_ standardization: Standardization?) -> InputTransform? {
    InputTransform(scaling, standardize == nil ? nil : standardization)
  }

  /// Returns the examples with the transforms that run when a batch is loaded.
  func later(
    _ dataset: Dataset, _ standardization: Standardization?, _ phase: DataPhase
  ) throws(DataFailure) -> Dataset {
    guard !later.isEmpty || !runsAtOnce && !first.isEmpty else { return dataset }
    return dataset.transformed(
      by: try chain(later, dataset.tensors.map(\.top), standardization, phase))
  }

  /// Returns examples for a prediction, with all transforms of a test.
  package func apply(
    to dataset: Dataset, _ standardization: Standardization?
  ) throws(DataFailure) -> Dataset {
    let begun = runsAtOnce ? try first(standardization)?.apply(to: dataset) ?? dataset : dataset
    return try later(begun, standardization, .test)
  }

  private func chain(
    _ declarations: [TransformDeclaration], _ tops: [DataTop], _ statistics: Standardization?,
    _ phase: DataPhase
  ) throws(DataFailure) -> TransformChain {
    // A prediction has no targets.
    let isPrediction = !tops.contains(where: \.isTarget)
    let suitable = declarations.filter { !isPrediction || !$0.changesOnlyTargets(tops) }
    let start = runsAtOnce ? [] : first
    return try TransformChain(
      start + suitable, of: tops, first: start.count, seed: seed, outside: outside,
      statistics: statistics, phase: phase)
  }
}
