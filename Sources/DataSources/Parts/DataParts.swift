internal import Fields
internal import Tensors
package import YAML

/// A model file's `data:`.
///
///     data:
///       train: {source: spiral, batch_size: 20}
///       test:  {source: spiral}
package struct DataParts: Sendable {
  package var train: DataDeclaration
  package var test: DataDeclaration?
  /// Decides which rows a `fraction` takes, whatever the seed of the model is.
  package private(set) var splitSeed = DataParts.standardSplitSeed

  package static let standardSplitSeed = 1

  /// The section's own fields.
  private struct Header: FieldOwner {
    var splitSeed: Int?

    init() {}

    static let fields: [Field<Header>] = [
      .optional(
        "split_seed", \.splitSeed, .given(.atLeast(0)),
        "Decides the random order of the rows that 'fraction' takes shares of. Default: 1.")
    ]
  }

  package init(train: DataDeclaration, test: DataDeclaration?) {
    self.train = train
    self.test = test
  }

  /// Reads both parts; nil if anything was wrong, and reported.
  package static func decode(_ node: Node, _ diagnostics: inout Diagnostics) -> DataParts? {
    guard var reader = FieldReader(node, of: "data", &diagnostics) else { return nil }
    var header = Header()
    reader.allow(DataPhase.allCases.map(\.rawValue))
    reader.read(into: &header, &diagnostics)
    reader.finish(&diagnostics)
    let trainNode = node[DataPhase.train.rawValue]
    if trainNode == nil {
      diagnostics.error("data: 'train' is missing: expected a mapping", at: node.mark)
    }
    let testNode = node[DataPhase.test.rawValue].flatMap { $0.isNull ? nil : $0 }
    let train = trainNode.flatMap { DataDeclaration.decode($0, phase: .train, &diagnostics) }
    let test = testNode.flatMap { DataDeclaration.decode($0, phase: .test, &diagnostics) }
    guard reader.isValid, var train, (test == nil) == (testNode == nil) else { return nil }

    train.standardize = train.standardize ?? false
    train.scale = train.scale ?? 1
    var parts = DataParts(train: train, test: test)
    let before = diagnostics.errorCount
    parts.split(by: header.splitSeed, at: node, &diagnostics)
    let place = testNode ?? node
    parts.transformTestAsTrain("mean", \.mean, at: place, &diagnostics)
    parts.transformTestAsTrain("scale", \.scale, at: place, &diagnostics)
    parts.transformTestAsTrain("standardize", \.standardize, at: place, &diagnostics)
    parts.transformTestAsTrain("label_offset", \.labelOffset, at: place, &diagnostics)
    parts.readTestAsTrain(at: place, &diagnostics)
    return diagnostics.errorCount == before ? parts : nil
  }

  /// Gives both parts the seed of their split, or reports one that decides nothing.
  private mutating func split(by seed: Int?, at node: Node, _ diagnostics: inout Diagnostics) {
    if let seed {
      splitSeed = seed
      train.splitSeed = seed
      test?.splitSeed = seed
    }
    if seed != nil, !hasFraction, let node = node["split_seed"] {
      diagnostics.error("split_seed: expected none, since no part has a fraction", at: node.mark)
    }
  }

  /// Whether a part takes a share of the rows in random order.
  package var hasFraction: Bool { train.fraction != nil || test?.fraction != nil }

  /// Gives the test part what the train part has, or reports that it states something else:
  /// examples on another scale than those of training would be tested.
  private mutating func transformTestAsTrain<Value: FieldValue & Equatable>(
    _ name: String, _ path: WritableKeyPath<DataDeclaration, Value?>, at node: Node,
    _ diagnostics: inout Diagnostics
  ) {
    let expected = train[keyPath: path]
    if let stated = test?[keyPath: path], stated != expected {
      diagnostics.error(
        "\(name): expected \(expected.text) as for the train data, received "
          + Optional(stated).text, at: node[name]?.mark ?? node.mark)
    }
    test?[keyPath: path] = expected
  }

  /// Gives a table of the test part the columns of the train part's, where both are tables.
  private mutating func readTestAsTrain(at node: Node, _ diagnostics: inout Diagnostics) {
    guard let columns = (train.source as? CSV)?.inputs, var table = test?.source as? CSV else {
      return
    }
    if let stated = table.inputs, stated != columns {
      diagnostics.error(
        "inputs: expected \(columns.names.quotedList) as for the train data, received "
          + stated.names.quotedList, at: node["inputs"]?.mark ?? node.mark)
    }
    table.inputs = columns
    if let column = table.target.names.first(where: { columns.names.contains($0) }) {
      diagnostics.error(
        "target: expected a column that is not an input, as the train data state them, received "
          + "'\(column.quotable)'", at: node["target"]?.mark ?? node.mark)
    }
    test?.source = table
  }

  /// The parts as a model file would state them, with the seed of a random split.
  package var encoded: Node {
    .mapping(
      (hasFraction ? [("split_seed", splitSeed.encoded)] : [])
        + [(DataPhase.train.rawValue, train.encoded)]
        + (test.map { [(DataPhase.test.rawValue, $0.encoded)] } ?? []))
  }

  /// What is known of the training part before its examples are read; the test part must agree. Where
  /// that declares no classes they are the training part's, whatever its source calls its own.
  package func signature(directory: String, seed: Int) throws(DataFailure) -> DataSignature {
    let signature = try train.signature(directory: directory, seed: seed, phase: .train)
    try checkTest(against: signature, directory: directory, seed: seed)
    return signature
  }

  /// Checks the test part.
  ///
  /// - Parameter training: what is known of the training part; nil if that is wrong.
  package func checkTest(
    against training: DataSignature?, directory: String, seed: Int
  ) throws(DataFailure) {
    let signature = try test?.signature(directory: directory, seed: seed, phase: .test)
    guard let training, let test else { return }
    try signature?.agree(with: training, inNames: test.classes != nil)
  }

  /// Where the model file states a part; the training part, where it is not known which.
  package func mark(of phase: DataPhase?) -> Mark { (phase == .test ? test ?? train : train).mark }

  /// Where the model file states a field of a part; the part's place where it does not, or where no field is known.
  package func mark(of field: String?, in phase: DataPhase?) -> Mark {
    field.map { (phase == .test ? test ?? train : train).mark(of: $0) } ?? mark(of: phase)
  }
}

extension DataParts {
  /// Where the model file states the first of some fields of a part that it states.
  package func mark(ofFirst fields: [String], in phase: DataPhase) -> Mark {
    (phase == .test ? test ?? train : train).mark(ofFirst: fields)
  }
}

extension DataSignature {
  /// Checks that a model for `training` can be tested with examples of this kind.
  ///
  /// - Parameter inNames: false where only the number of classes must be the same.
  func agree(with training: DataSignature, inNames: Bool = true) throws(DataFailure) {
    func mismatch(_ what: String, _ expected: String, _ received: String) -> DataFailure {
      .field(
        what,
        message:
          "test data: \(what): expected \(expected) as in training, received \(received)", of: .test
      )
    }
    guard inputShape == training.inputShape else {
      throw mismatch("shape", training.inputShape.description, inputShape.description)
    }
    guard targetShape == training.targetShape, labelShape == training.labelShape else {
      throw mismatch("target", training.targetSummary, targetSummary)
    }
    if let classes, let expected = training.classes,
      inNames ? !classes.agrees(with: expected) : classes.count != expected.count
    {
      throw mismatch("classes", expected.summary, classes.summary)
    }
    guard inputNames.isEmpty || training.inputNames.isEmpty || inputNames == training.inputNames
    else {
      throw mismatch("inputs", training.inputNames.quotedList, inputNames.quotedList)
    }
  }

  private var targetSummary: String {
    guard let targetShape else {
      return labelShape == .scalar ? "classes" : "classes of shape \(labelShape.description)"
    }
    return targetShape == .noTarget ? "none" : "values of shape \(targetShape.description)"
  }
}

extension Optional where Wrapped: FieldValue {
  /// For messages: `0.5`, also for a list of one; `[1, 2]`; `none`.
  fileprivate var text: String {
    guard let node = self?.encoded else { return "none" }
    guard let items = node.items else { return node.scalar?.text ?? "none" }
    let texts = items.compactMap { $0.scalar?.text }
    return texts.count == 1 ? texts[0] : "[\(texts.joined(separator: ", "))]"
  }
}
