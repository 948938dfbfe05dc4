package import DataFiles
internal import Fields
internal import Tensors
package import YAML

/// A model file's `data:`.
///
///     data:
///       train: {source: spiral, batch_size: 20}
///       test:  {source: spiral}
///
/// With `split` or `fold`, both parts have the source of the training part. The test part then
/// states at most its batches:
///
///     data:
///       split: {fraction: 0.8, stratify: true}
///       train: {source: csv, file: iris.csv, target: label}
///       test:  {batch_size: 100}
package struct DataParts: Sendable {
  package var train: DataDeclaration
  package var test: DataDeclaration?
  /// The section that both parts were read from.
  private var node = Node.mapping([])

  /// The names of the tensors, when a mistake hides the source.
  private var namesDespiteMistake: TopNames?

  package init(train: DataDeclaration, test: DataDeclaration?) {
    self.train = train
    self.test = test
  }

  /// Stands for a section with a mistake. Its tensors are `data`, `label`, and all that the section
  /// names, so that one mistake does not cause others.
  package init(wrong section: Node?) {
    self.init(train: DataDeclaration(), test: nil)
    let stated = section.map(DataParts.statedTops) ?? []
    namesDespiteMistake = TopNames(
      targets: [DataTop.label] + stated.filter { ![DataTop.data, DataTop.label].contains($0) })
  }

  /// Returns the texts of all keys `top` in a section.
  private static func statedTops(in node: Node) -> [String] {
    (node.items ?? []).flatMap(statedTops)
      + (node.pairs ?? []).flatMap { pair in
        pair.key.scalar?.text == "top"
          ? [pair.value.scalar?.text].compactMap { $0 } : statedTops(in: pair.value)
      }
  }

  /// The names of the tensors that the data provide.
  package var topNames: TopNames { namesDespiteMistake ?? train.source.topNames }

  /// Reads both parts. Nil after reporting a mistake.
  package static func decode(_ node: Node, _ diagnostics: inout Diagnostics) -> DataParts? {
    guard var reader = FieldReader(node, of: "data", &diagnostics) else { return nil }
    var header = DataHeader()
    reader.allow(DataPhase.allCases.map(\.rawValue))
    reader.read(into: &header, &diagnostics)
    reader.finish(&diagnostics)
    let trainNode = node[DataPhase.train.rawValue]
    if trainNode == nil {
      diagnostics.error("data: 'train' is missing: expected a mapping", at: node.mark)
    }
    let testNode = node[DataPhase.test.rawValue].flatMap { $0.isNull ? nil : $0 }
    let isDivided = DataHeader.isDivided(node)
    let train = trainNode.flatMap { DataDeclaration.decode($0, phase: .train, &diagnostics) }
    let batches =
      isDivided ? TestBatches.decode(testNode, division: header, train, &diagnostics) : nil
    var test =
      isDivided
      ? nil : testNode.flatMap { DataDeclaration.decode($0, phase: .test, &diagnostics) }
    guard reader.isValid, var train, isDivided || (test == nil) == (testNode == nil) else {
      return nil
    }

    train.memory = header.memory
    test?.memory = header.memory
    train.standardize = train.standardize ?? false
    train.scale = train.scale ?? 1
    var parts = DataParts(train: train, test: test)
    parts.node = node
    let before = diagnostics.errorCount
    if isDivided {
      guard let batches, let division = header.division else { return nil }
      parts.divide(by: division, batches, at: node, &diagnostics)
      return diagnostics.errorCount == before ? parts : nil
    }
    let place = testNode ?? node
    if let stated = parts.test?.transforms, stated != parts.train.transforms {
      diagnostics.error(
        "transforms: expected those of the train data, which tests use without random changes; leave "
          + "the field out", at: place["transforms"]?.mark ?? place.mark)
    }
    parts.test?.transforms = parts.train.transforms
    parts.transformTestAsTrain("mean", \.mean, at: place, &diagnostics)
    parts.transformTestAsTrain("scale", \.scale, at: place, &diagnostics)
    parts.transformTestAsTrain("standardize", \.standardize, at: place, &diagnostics)
    parts.transformTestAsTrain(
      "standardize_target", \.standardizeTarget, at: place, &diagnostics)
    parts.transformTestAsTrain("class_weights", \.classWeights, at: place, &diagnostics)
    parts.transformTestAsTrain("label_offset", \.labelOffset, at: place, &diagnostics)
    parts.readTestAsTrain(at: place, &diagnostics)
    return diagnostics.errorCount == before ? parts : nil
  }

  /// Gives both parts the source of the training part, and the rows of the division.
  private mutating func divide(
    by division: Division, _ batches: TestBatches, at node: Node, _ diagnostics: inout Diagnostics
  ) {
    if train.rows != nil {
      diagnostics.error(
        "rows: expected none, since '\(division.field)' divides the rows",
        at: train.mark(of: "rows"),
        notes: node[division.field].map {
          [Diagnostic.Note("\(division.field) is stated here", at: $0.mark)]
        } ?? [])
    }
    if division.choice.group != nil, !(train.source is CSV) {
      diagnostics.error(
        "\(division.field): group: expected none, since only a csv source has columns",
        at: (node[division.field]?["group"] ?? node).mark)
    }
    train.division = division
    var test = train
    test.batchSize = batches.batchSize
    test.shuffle = batches.shuffle
    self.test = test
  }

  /// Copies a setting of the training part to the test part, or reports a different one.
  ///
  /// A model cannot be tested with examples on another scale than in training.
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

  /// Copies the input columns of the training table to the test table, when both parts are tables.
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
    if let column = table.target.names.first(where: columns.names.contains) {
      diagnostics.error(
        "target: expected a column that is not an input of the train data, received "
          + "'\(column.quotable)'", at: node["target"]?.mark ?? node.mark)
    }
    test?.source = table
  }

  /// The parts in the form of a model file. A test part with the source of the training part states
  /// only its batches.
  package var encoded: Node {
    let memory = train.memory.map { [("memory", $0.encoded)] } ?? []
    let trainField = (DataPhase.train.rawValue, train.encoded)
    guard let division = train.division, let test else {
      return .mapping(
        memory + [trainField] + (test.map { [(DataPhase.test.rawValue, $0.encoded)] } ?? []))
    }
    let batches = Node(.mapping(TestBatches(of: test).encodedFields))
    return .mapping(memory + [division.pair, trainField, (DataPhase.test.rawValue, batches)])
  }

  /// Returns the properties of the training part that are known before its examples are read. The
  /// test part must agree.
  ///
  /// A test part without declared classes has the classes of the training part. The names in its
  /// own source do not matter.
  package func signature(directory: String, seed: Int) throws(DataFailure) -> DataSignature {
    let signature = try train.signature(directory: directory, seed: seed, phase: .train)
    try checkTest(against: signature, directory: directory, seed: seed)
    return signature
  }

  /// Checks the test part.
  ///
  /// - Parameter training: the properties of the training part. Nil when that part has a mistake.
  package func checkTest(
    against training: DataSignature?, directory: String, seed: Int, loop: ParallelLoop = .serial
  ) throws(DataFailure) {
    guard let test, test.source.isFitted else { return }
    let signature = try test.signature(
      directory: directory, seed: seed, phase: .test, loop: loop)
    guard let training else { return }
    try signature.agree(with: training, inNames: test.classes != nil)
  }

  /// The position of a part in the model file, or of the training part when `phase` is nil.
  package func mark(of phase: DataPhase?) -> Mark { (phase == .test ? test ?? train : train).mark }

  /// The position of a field of a part, or of the part when the field is not stated or nil.
  ///
  /// A field of the division has a name such as `split.fraction`.
  package func mark(of field: String?, in phase: DataPhase?) -> Mark {
    guard let field else { return mark(of: phase) }
    if let mark = divisionMark(of: field) { return mark }
    return (phase == .test ? test ?? train : train).mark(of: field)
  }

  /// The position of a field of the division, or of the division when the field is not stated. Nil
  /// when the field is not one of the division.
  private func divisionMark(of field: String) -> Mark? {
    let first = field.prefix { $0 != "." }
    guard [RowSplit.name, RowFold.name].contains(String(first)) else { return nil }
    return node.mark(ofPath: field) ?? node.mark
  }
}

extension DataParts {
  /// The position of the first stated field of `fields` in a part.
  package func mark(ofFirst fields: [String], in phase: DataPhase) -> Mark {
    (phase == .test ? test ?? train : train).mark(ofFirst: fields)
  }
}

extension DataSignature {
  /// Checks that examples of this kind can test a model for `training`.
  ///
  /// - Parameters:
  ///   - inNames: false when only the number of classes must agree.
  ///   - inShapes: false when the transforms make equal shapes.
  func agree(
    with training: DataSignature, inNames: Bool = true, inShapes: Bool = true
  ) throws(DataFailure) {
    func mismatch(_ what: String, _ expected: String, _ received: String) -> DataFailure {
      .field(
        what,
        message:
          "test data: \(what): expected \(expected) as in training, received \(received)", of: .test
      )
    }
    guard inputs.map(\.name) == training.inputs.map(\.name) else {
      throw mismatch(
        "inputs", training.inputs.map(\.name).quotedList, inputs.map(\.name).quotedList)
    }
    for (input, expected) in zip(inputs, training.inputs)
    where inShapes && input.shape != expected.shape {
      throw mismatch("shape", expected.shape.description, input.shape.description)
    }
    let (target, expected) = (targetSummary(inShapes), training.targetSummary(inShapes))
    guard target == expected else { throw mismatch("target", expected, target) }
    for (target, known) in zip(targets, training.targets) {
      guard let classes = target.classes, let expected = known.classes,
        inNames ? !classes.agrees(with: expected) : classes.count != expected.count
      else { continue }
      throw mismatch("classes", expected.summary, classes.summary)
    }
    for (input, expected) in zip(inputs, training.inputs)
    where !input.valueNames.isEmpty && !expected.valueNames.isEmpty
      && input.valueNames != expected.valueNames
    {
      throw mismatch("inputs", expected.valueNames.quotedList, input.valueNames.quotedList)
    }
  }

  /// The targets as messages print them: "classes", "'mask': classes of shape 8x8", "none".
  ///
  /// - Parameter showsShapes: false to leave out the shapes, which transforms make equal.
  private func targetSummary(_ showsShapes: Bool) -> String {
    let targets =
      showsShapes
      ? self.targets
      : self.targets.map { $0.hasClasses ? DataTop(classes: nil, name: $0.name) : $0 }
    if targets.isEmpty { return "none" }
    if targets.count == 1, targets[0].name == DataTop.label { return targets[0].summary }
    return targets.map { "'\($0.name.quotable)': \($0.summary)" }.joined(separator: ", ")
  }
}

extension Optional where Wrapped: FieldValue {
  /// The value as messages print it: `0.5`, `[1, 2]` or `none`. A list of one is printed without
  /// brackets.
  fileprivate var text: String {
    guard let node = self?.encoded else { return "none" }
    guard let items = node.items else { return node.scalar?.text ?? "none" }
    let texts = items.compactMap { $0.scalar?.text }
    return texts.count == 1 ? texts[0] : "[\(texts.joined(separator: ", "))]"
  }
}
