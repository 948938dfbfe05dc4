package import DataFiles
internal import Tensors
internal import YAML

/// Loads both parts: checks them against the declarations, scales, standardizes and splits them.
///
/// The whole training source determines the classes, so that they do not depend on the split. Every
/// label of the test part must be one of them. A source that both parts share is read once. The
/// scaling of the training part applies to both.
///
/// - Parameters:
///   - ignoredLabels: labels that the network ignores, which are kept unchanged.
///   - source: the source of the statistics.
///   - loop: parses tables, possibly on several threads.
package func loadParts(
  train: DataDeclaration, test: DataDeclaration?, directory: String, seed: Int,
  ignoring ignoredLabels: Set<Int> = [], standardizing source: StandardizationSource = .training,
  loop: ParallelLoop = .serial
) throws(DataFailure) -> (train: Dataset, test: Dataset?, standardization: Standardization?) {
  var loading = try PartsLoading(train, directory, seed, ignoredLabels, source, loop)
  guard let test else {
    try loading.transformTrain(using: loading.trainRows)
    return (try loading.trainPart(), nil, loading.standardization)
  }
  let tested = try loading.testPart(test)
  return (try loading.trainPart(), tested, loading.standardization)
}

/// The parts while they are loaded.
private struct PartsLoading {
  private let train: DataDeclaration
  private let directory: String
  private let seed: Int
  private let ignoredLabels: Set<Int>
  private let source: StandardizationSource
  private let loop: ParallelLoop
  /// All examples of the training source.
  private var whole: Dataset
  /// Whether each of them is in the training part. Nil means all.
  let trainRows: [Bool]?
  private let transforms: PartTransforms
  /// The statistics of the inputs.
  private(set) var standardization: Standardization?
  /// The statistics of the targets.
  private let targets: Standardization?
  /// The weight of each class.
  private let classFactors: [Double]?

  /// Reads the training source.
  init(
    _ train: DataDeclaration, _ directory: String, _ seed: Int, _ ignoredLabels: Set<Int>,
    _ source: StandardizationSource, _ loop: ParallelLoop
  ) throws(DataFailure) {
    (self.train, self.directory, self.seed) = (train, directory, seed)
    (self.ignoredLabels, self.source, self.loop) = (ignoredLabels, source, loop)
    whole = try train.whole(
      train.context(
        directory: directory, seed: seed, phase: .train, ignoring: ignoredLabels, loop: loop))
    trainRows = try train.marks(in: whole.dividedRows(), phase: .train)
    transforms = PartTransforms(train, of: whole, seed: seed, ignoring: ignoredLabels)
    switch source {
    case .known(let statistics):
      (standardization, targets) = (statistics.inputs, statistics.targets)
    case .training:
      standardization = try transforms.firstStandardization(of: whole, rows: trainRows)
      targets =
        train.standardizeTarget ?? false
        ? try Standardization(ofTargets: whole, rows: trainRows) : nil
    }
    if targets != nil {
      whole = whole.with(remarks: try whole.remarks + whole.constantTargets(rows: trainRows))
    }
    classFactors = try train.classFactors(of: whole, rows: trainRows)
  }

  /// Transforms the training source, and computes the statistics of a later standardization.
  ///
  /// - Parameter rows: the examples of all parts that have this source. Nil means all.
  mutating func transformTrain(using rows: [Bool]?) throws(DataFailure) {
    whole = try whole.transformed(
      transforms.first(standardization), targets, runs: transforms.runsAtOnce, rows: rows,
      of: .train)
    if case .training = source {
      standardization =
        try transforms.laterStandardization(of: whole, rows: trainRows) ?? standardization
    }
    whole = try transforms.later(whole, standardization, .train)
  }

  /// The training part, after ``transformTrain(using:)``.
  func trainPart() throws(DataFailure) -> Dataset {
    let part = try train.part(of: whole, phase: .train).weighted(ofClasses: classFactors)
    try part.checkWeights(train)
    return part
  }

  /// Transforms both parts, and returns the test part.
  mutating func testPart(_ test: DataDeclaration) throws(DataFailure) -> Dataset {
    try test.checkClasses(against: whole)
    // Divided data have one source, even a generator that draws other points for a test.
    let isShared = train.division != nil || test.source.isSameData(as: train.source)
    var testWhole = isShared ? try test.shaped(whole, .test) : try readTest(test)
    let testRows = try test.marks(in: testWhole.dividedRows(), phase: .test)
    // This check comes first, because the transform requires the same inputs.
    try testWhole.signature.agree(
      with: whole.signature, inShapes: train.source.hasOneShape && test.source.hasOneShape)
    if isShared {
      try transformTrain(
        using: trainRows.flatMap { train in testRows.map { zip(train, $0).map { $0 || $1 } } })
      testWhole = whole
    } else {
      try transformTrain(using: trainRows)
      let transforms = PartTransforms(train, of: testWhole, seed: seed, ignoring: ignoredLabels)
      testWhole = try testWhole.transformed(
        transforms.first(standardization), targets, runs: transforms.runsAtOnce, rows: testRows,
        of: .test)
      testWhole = try transforms.later(testWhole, standardization, .test)
      try testWhole.signature.agree(with: whole.signature)
    }
    return try test.part(of: testWhole, phase: .test).weighted(ofClasses: classFactors)
      .withoutRemarks(of: isShared ? whole : nil)
  }

  /// Reads the source of the test part, with the encodings and classes of the training source.
  private func readTest(_ test: DataDeclaration) throws(DataFailure) -> Dataset {
    var test = test
    test.source = test.source.encoded(like: whole)
    return try test.whole(
      test.context(
        directory: directory, seed: seed, phase: .test, known: whole.classesByTarget,
        ignoring: ignoredLabels, loop: loop))
  }
}

extension DataDeclaration {
  /// Returns the weight of each class. Nil without `class_weights`.
  fileprivate func classFactors(
    of whole: Dataset, rows: [Bool]?
  ) throws(DataFailure) -> [Double]? {
    guard let classWeights else { return nil }
    let names = whole.targets.first?.classes ?? []
    let counts = try whole.classCounts(rows: rows)
    do throws(ClassWeights.UnknownClass) {
      return try classWeights.factors(names, counts: counts)
    } catch {
      let suggestion =
        names.nearest(to: error.name).map { "; did you mean '\($0.quotable)'?" } ?? ""
      throw .field(
        "class_weights",
        message: "train data: class_weights: expected a class (\(names.quotedList)), received "
          + "'\(error.name.quotable)'\(suggestion)", of: .train)
    }
  }

  /// Checks the declared classes of the test part.
  fileprivate func checkClasses(against train: Dataset) throws(DataFailure) {
    guard let classes else { return }
    let known = train.signature.classes
    guard let known, classes.agrees(with: known) else {
      throw .field(
        "classes",
        message: "test data: classes: expected \(known?.summary ?? "values") as in training, "
          + "received \(classes.summary)",
        of: .test)
    }
  }
}

extension Dataset {
  /// Checks that some training example has a weight above 0.
  fileprivate func checkWeights(_ train: DataDeclaration) throws(DataFailure) {
    guard try !hasWeight() else { return }
    let field = train.classWeights == nil ? "weight" : "class_weights"
    throw .field(
      field,
      message: "train data: \(field): expected an example with a weight above 0, received none",
      of: .train)
  }

  /// The classes of the targets that have classes.
  fileprivate var classesByTarget: [String: ClassNames] {
    var classes: [String: ClassNames] = [:]
    for tensor in targets { classes[tensor.name] = tensor.top.classes }
    return classes
  }

  /// Transforms the examples in their own memory. Adds a remark when rounding made different
  /// numbers equal.
  ///
  /// - Parameters:
  ///   - targets: the statistics that standardize the targets. Nil leaves the targets unchanged.
  ///   - runs: false when the transform runs later, so that only remarks are added.
  ///   - rows: the used examples. Nil means all.
  fileprivate func transformed(
    _ transform: InputTransform?, _ targets: Standardization?, runs: Bool, rows: [Bool]?,
    of phase: DataPhase
  ) throws(DataFailure) -> Dataset {
    if let targets {
      return try standardizingTargets(targets, rows: rows, of: phase)
        .transformed(transform, nil, runs: runs, rows: rows, of: phase)
    }
    var remarks: [DataRemark] = []
    var first = 0
    for tensor in inputs {
      defer { first += tensor.width }
      guard let exact = tensor.exact else { continue }
      let figures = try transform?.figures(of: tensor.top, first: first)
      let found = try RoundedValues.message(exact, count: count, width: tensor.width) {
        figures?.result($0, $1) ?? $0
      }
      if let found {
        let advice =
          transform == nil
          ? "subtract a number near them with 'mean', or state standardize: true"
          : "make the differences larger relative to the numbers"
        remarks.append(
          DataRemark(.equalValues, fields: ["inputs", "images", "file"], "\(found): \(advice)"))
      }
    }
    for tensor in self.targets {
      guard let exact = tensor.exact else { continue }
      let found = try RoundedValues.message(exact, count: count, width: tensor.width)
      if let found {
        remarks.append(
          DataRemark(
            .equalValues, fields: ["target", "targets"],
            "\(found): subtract a number near them from the targets in the file"))
      }
    }
    guard runs, let transform else { return settled(adding: remarks) }
    return try transform.apply(to: self, rows: rows, of: phase).settled(adding: remarks)
  }

  /// Returns the examples without the remarks that another data set also has.
  fileprivate func withoutRemarks(of other: Dataset?) -> Dataset {
    guard let other else { return self }
    return with(remarks: remarks.filter { !other.remarks.contains($0) })
  }
}
