package import DataFiles
package import Fields
package import Tensors
package import YAML

/// One part of a model file's `data:`: the source of the examples and their use.
///
///     train: {source: csv, file: data/iris.csv, target: label, batch_size: 16,
///             standardize: true}
///
/// The same mapping contains the fields of the source.
package struct DataDeclaration: FieldOwner {
  package var source: any DataSource = Spiral()
  package var batchSize = 32
  package var shuffle: Bool?
  package var rows: RowRange?
  package var transforms: [TransformDeclaration]?
  package var mean: [Double]?
  package var scale: Double?
  package var standardize: Bool?
  package var standardizeTarget: Bool?
  package var shape: [Int]?
  package var classes: ClassNames?
  package var labelOffset: Int?
  package var classWeights: ClassWeights?
  /// The section's `memory`: the memory of an array in a file.
  package var memory: MemorySize?
  /// The division of both parts, which share the source. Nil when each part states its own rows.
  package var division: Division?
  /// The mapping that the part was read from.
  private var node = Node.mapping([])

  package init() {}

  package static var fields: [Field<DataDeclaration>] {
    [
      .optional(
        "batch_size", \.batchSize, .within(1...1_000_000),
        "The number of examples of a step. The last batch of an epoch may be short."),
      .optional(
        "shuffle", \.shuffle, .any,
        "Whether each epoch has its own order. Default: true for train, false for test."),
      .optional(
        "rows", \.rows, .any,
        "The rows of the source, [from, to], counted from 0 and without 'to'. Default: all."),
      .optional(
        "transforms", \.transforms, .any,
        "The changes of each example, in this order: a list of transforms. Default: none. Test uses "
          + "those of train."),
      .optional(
        "mean", \.mean, .given(.each(.within(-1e30...1e30))),
        "The number that is subtracted from every input, or a list with a number for each channel. "
          + "Default: 0. Test uses the value of train."),
      .optional(
        "scale", \.scale, .given(.within(1e-30...1e30)),
        "The factor of every input after the subtraction of the mean. Default: 1. Test uses the "
          + "value of train."),
      .optional(
        "standardize", \.standardize, .any,
        "Whether scaled inputs are standardized to mean 0 and standard deviation 1, with the "
          + "statistics of the training part. Default: false. Test uses the value of train."),
      .optional(
        "standardize_target", \.standardizeTarget, .any,
        "Whether losses compare targets of values with mean 0 and standard deviation 1, with the "
          + "statistics of the training part. Default: false. Test uses the value of train."),
      .optional(
        "shape", \.shape, exampleShape,
        "The shape of one example, with as many values as the source's. Default: the source's."),
      .optional(
        "classes", \.classes, .any,
        "The number of classes, or their names by index. Default: the source's."),
      .optional(
        "label_offset", \.labelOffset, .given(.within(-1_000_000...1_000_000)),
        "The label of the first class, for labels that are class indices. Default: 0. Test uses "
          + "the value of train."),
      .optional(
        "class_weights", \.classWeights, .any,
        "The weights of the classes in losses, by name, or balanced. Default: 1 for all. Test "
          + "uses the value of train."),
    ]
  }

  private static var exampleShape: Constraint<[Int]?> {
    .given(
      .list(
        "a list of integers of at least 1, their product at most \(DataLimits.valueCount)",
        of: .atLeast(1),
        allows: { axes in
          (1...8).contains(axes.count)
            && Shape(checking: axes).map { $0.count <= DataLimits.valueCount } ?? false
        }))
  }

  /// The declared shape of one example.
  package var exampleShape: Shape? { shape.flatMap { Shape(checking: $0) } }

  /// All transforms: the stated ones, then those that `mean`, `scale` and `standardize` stand for, unless
  /// they change nothing. A mixup stays the last one.
  package var chain: [TransformDeclaration] {
    var fields: [any Transform] = []
    if let mean, mean.contains(where: { $0 != 0 }) { fields.append(Mean(mean)) }
    if let scale, scale != 1 { fields.append(Scale(scale)) }
    if standardize == true { fields.append(Standardize()) }
    let stated = (transforms ?? []).enumerated().map { $1.asItem($0) }
    let mixing = stated.last?.transform is Mixup ? 1 : 0
    return stated.dropLast(mixing) + fields.map { TransformDeclaration($0) }
      + stated.suffix(mixing)
  }

  /// Whether the inputs are standardized.
  package var standardizes: Bool { chain.contains { $0.transform is Standardize } }

  /// Whether examples have weights in losses.
  package var hasWeights: Bool { classWeights != nil || (source as? CSV)?.weight != nil }

  package var split: Split {
    if let rows { return .rows(rows) }
    return division.map(Split.divided) ?? .all
  }

  /// Whether each epoch of `phase` has its own order.
  package func shuffles(in phase: DataPhase) -> Bool { shuffle ?? (phase == .train) }

  /// The part in the form of a model file.
  package var encoded: Node {
    let name = type(of: source).reference.name
    return Node(
      .mapping(
        [Node.Pair(key: .text("source"), value: .text(name))]
          + source.encodedFields + encodedFields))
  }
}

extension DataDeclaration {
  /// Reads a part with its source. Nil after reporting a mistake.
  package static func decode(
    _ node: Node, phase: DataPhase, _ diagnostics: inout Diagnostics
  ) -> DataDeclaration? {
    let subject = "\(phase.rawValue) data"
    guard var reader = FieldReader(node, of: subject, &diagnostics) else { return nil }
    reader.allow(["source"])
    var declaration = DataDeclaration()
    declaration.node = node
    reader.read(into: &declaration, &diagnostics)
    guard
      let entry = DataSourceCatalog.all.entry(
        of: node, key: "source", subject: subject, &diagnostics)
    else { return nil }
    declaration.source = entry.decode(&reader, &diagnostics)
    reader.finish(&diagnostics)
    guard reader.isValid else { return nil }

    let before = diagnostics.errorCount
    declaration.source.check(declaration, at: node, &diagnostics)
    if declaration.transforms == nil, let shape = declaration.exampleShape,
      let mistake = InputScaling.mistake(mean: declaration.mean, for: shape)
    {
      diagnostics.error(mistake, at: (node["mean"] ?? node).mark)
    }
    guard diagnostics.errorCount == before else { return nil }
    declaration.shuffle = declaration.shuffles(in: phase)
    return declaration
  }
}

extension DataDeclaration {
  /// The position of the part in the model file.
  package var mark: Mark { node.mark }

  /// The position of a stated field, or of the part when the field is not stated.
  ///
  /// An item of a list has a name such as `transforms.0`.
  package func mark(of field: String) -> Mark {
    node.mark(ofPath: field) ?? node.mark
  }

  /// The position of the first stated field of `fields`, or of the part when none is stated.
  package func mark(ofFirst fields: [String]) -> Mark {
    fields.lazy.compactMap { field in
      self.node[field].flatMap { $0.isNull ? nil : $0.mark }
    }.first ?? node.mark
  }

  func context(
    directory: String, seed: Int, phase: DataPhase, known: [String: ClassNames] = [:],
    ignoring ignoredLabels: Set<Int> = [], loop: ParallelLoop = .serial
  ) -> DataContext {
    DataContext(
      directory: directory, seed: seed, phase: phase, classes: classes, known: known,
      ignoring: ignoredLabels, labelOffset: labelOffset ?? 0, memory: memory?.bytes, loop: loop,
      group: division?.group,
      stratifies: division?.choice.stratifies ?? false,
      trainingRows: { rows throws(DataFailure) in
        phase == .train ? try marks(in: rows, phase: phase) : nil
      })
  }

  /// Returns the properties of the part that are known before its examples are read.
  ///
  /// This reads no file if `shape` and `classes` are declared, and there are one input and at most
  /// one target. Without targets, `shape` is enough. Then the input columns have no names, and the
  /// number of examples is unknown. A generator knows all properties.
  package func signature(
    directory: String, seed: Int, phase: DataPhase, loop: ParallelLoop = .serial
  ) throws(DataFailure) -> DataSignature {
    let context = context(directory: directory, seed: seed, phase: phase, loop: loop)
    if let declared = declaredTops(context) {
      try checkTargets(declared, phase)
      return DataSignature(try transformed(declared, phase), exampleCount: nil)
    }
    let found = try DataFailure.reading(phase) { () throws(DataFailure) in
      try source.signature(context)
    }
    var count = found.exampleCount
    if let all = count { count = try split.count(in: all, of: phase) }
    if let division, division.choice.stratifies { try division.checkClasses(of: found.targets) }
    try checkTargets(found.tops, phase)
    return DataSignature(
      try transformed(try shaped(found.tops, phase), phase), exampleCount: count)
  }

  /// Returns the tensors after the transforms.
  private func transformed(_ tops: [DataTop], _ phase: DataPhase) throws(DataFailure) -> [DataTop] {
    // Without stated transforms, the shapes stay the same.
    guard transforms != nil else {
      let keepsValues = chain.allSatisfy { $0.transform is Standardize }
      return keepsValues ? tops : tops.map { $0.isTarget ? $0 : $0.withoutCategories }
    }
    return try TransformChain(chain, of: tops, seed: 0, phase: phase).tops
  }

  /// Checks that there are classes for `class_weights`, and values for `standardize_target`.
  private func checkTargets(_ tops: [DataTop], _ phase: DataPhase) throws(DataFailure) {
    let targets = tops.filter(\.isTarget)
    if classWeights != nil, !(targets.count == 1 && targets[0].hasClasses && targets[0].width == 1)
    {
      throw .field(
        "class_weights",
        message:
          "\(phase.rawValue) data: class_weights: expected none, since the target is not one "
          + "class for each example", of: phase)
    }
    guard standardizeTarget ?? false, !tops.contains(where: { $0.isTarget && !$0.hasClasses })
    else { return }
    throw .field(
      "standardize_target",
      message: "\(phase.rawValue) data: standardize_target: expected false, since no target has "
        + "values", of: phase)
  }

  /// Returns the tensors that the part declares completely. Nil when the source must tell them.
  private func declaredTops(_ context: DataContext) -> [DataTop]? {
    let names = source.topNames
    guard let exampleShape, !(source is any Generator), names.inputs.count == 1,
      names.targets.isEmpty || names.targets.count == 1 && classes != nil
    else { return nil }
    return [declaredInput(names.inputs[0], exampleShape)]
      + names.targets.map {
        DataTop(classes: classes, shape: source.labelShape(context, of: exampleShape), name: $0)
      }
  }

  /// Returns the input of the declared shape. A table that states its columns shows their names
  /// and categories.
  private func declaredInput(_ name: String, _ shape: Shape) -> DataTop {
    guard let columns = (source as? CSV)?.inputs, columns.width == shape.count else {
      return DataTop(name, shape: shape)
    }
    return DataTop(columns: columns.items.map(\.encoding)).reshaped(to: shape)
  }

  /// Returns the tensors with the declared shape of the input.
  private func shaped(_ tops: [DataTop], _ phase: DataPhase) throws(DataFailure) -> [DataTop] {
    let inputs = tops.filter { !$0.isTarget }
    if inputs.count > 1, shape != nil {
      throw .field(
        "shape",
        message: "\(phase.rawValue) data: shape: expected none, since there are several inputs "
          + "(\(inputs.map(\.name).quotedList))", of: phase)
    }
    var shaped: [DataTop] = []
    for top in tops {
      let isStandardized = top.isTarget && !top.hasClasses && standardizeTarget ?? false
      shaped.append(
        isStandardized
          ? top.standardized
          : top.isTarget || !source.hasOneShape
            ? top : top.reshaped(to: try shape(of: top.shape, phase)))
    }
    return shaped
  }

  /// Loads all examples of the source in the declared shape, before any split or transform.
  func whole(_ context: DataContext) throws(DataFailure) -> Dataset {
    let whole = try DataFailure.reading(context.phase) { () throws(DataFailure) in
      try source.load(context)
    }
    return try shaped(whole, context.phase)
  }

  /// Returns the examples in the declared shape.
  func shaped(_ whole: Dataset, _ phase: DataPhase) throws(DataFailure) -> Dataset {
    let tops = try shaped(whole.tensors.map(\.top), phase)
    return whole.with(zip(whole.tensors, tops).map { $0.reshaped(to: $1.shape) })
  }

  /// Marks the examples that belong to the part. Nil means all.
  func marks(in all: DividedRows, phase: DataPhase) throws(DataFailure) -> [Bool]? {
    guard let rows = try split.rows(all, of: phase) else { return nil }
    var marks = [Bool](repeating: false, count: all.count)
    for row in rows { marks[row] = true }
    return marks
  }

  /// Returns the examples of `whole` that belong to the part.
  func part(of whole: Dataset, phase: DataPhase) throws(DataFailure) -> Dataset {
    guard let rows = try split.rows(whole.dividedRows(), of: phase) else { return whole }
    if case .rows(let stated) = split, rows.count >= whole.count / 2 {
      // A copy would take more memory than the unused rows.
      return whole.slice(stated.range)
    }
    return try whole.selecting(rows)
  }

  private func shape(of found: Shape, _ phase: DataPhase) throws(DataFailure) -> Shape {
    let shape = exampleShape ?? found
    let meanMistake = transforms == nil ? InputScaling.mistake(mean: mean, for: shape) : nil
    let mistakes = [("shape", shapeMistake(for: found)), ("mean", meanMistake)]
    for case (let field, let mistake?) in mistakes {
      throw .field(field, message: "\(phase.rawValue) data: \(mistake)", of: phase)
    }
    return shape
  }

  /// Returns the reason why examples of shape `found` cannot have the declared shape. Nil when they
  /// can.
  func shapeMistake(for found: Shape) -> String? {
    guard let declared = exampleShape, declared.count != found.count else { return nil }
    return "shape: expected \(found.count) values for each example, received "
      + "\(declared.description), which has \(declared.count)"
  }
}
