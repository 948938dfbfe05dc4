internal import DataFiles
internal import Files
internal import YAML

/// The text of a proposed model file for a table.
struct TableModelText {
  let survey: TableSurvey
  let dialect: TableDialect
  /// The marks in numbers of all columns that state none.
  let marks: NumberMarks
  let target: TargetProposal
  /// The columns besides the targets.
  let columns: [ColumnProposal]
  let path: String
  let modelPath: String

  /// The share of the rows that train.
  private static let trainingShare = 0.8

  private var network: NetworkProposal {
    let rows = Double(survey.rowCount) * TableModelText.trainingShare
    return NetworkProposal(
      rows: Int(exactly: rows.rounded()) ?? survey.rowCount,
      inputs: columns.reduce(0) { $0 + $1.width }, outputs: target.outputCount)
  }

  /// Names the task: "classification of 'churned' (2 classes)".
  var taskText: String {
    let names = target.names.quotedList
    return switch target.task {
    case .classes: "classification of \(names) (\(target.classes.count) classes)"
    case .values: "regression of \(names)"
    case .labels: "independent labels \(names)"
    }
  }

  /// The name of the model: that of its file.
  private var name: String { ModelName.of(modelPath, else: path) }

  var text: String {
    var lines = ProposalLines()
    lines.addHead(
      "\(path.escapingControls): \(taskText.escapingControls)", name: name, modelPath: modelPath,
      input: "new.csv")
    addData(&lines)
    lines.add()
    addNetwork(&lines)
    lines.add()
    addSolver(&lines)
    return lines.text
  }

  // MARK: Data

  private func addData(_ lines: inout ProposalLines) {
    let stratify = target.task == .classes ? ", stratify: true" : ""
    lines.add("data:")
    lines.add(
      "  split: {fraction: \(TableModelText.trainingShare), seed: 1\(stratify)}",
      comment: "the share of the rows that trains; the others test")
    lines.add("  train:")
    lines.add("    source: csv")
    lines.add(
      "    file: \(RelativePath.from(modelPath, to: path).modelWord)",
      comment: "\(survey.rowCount.grouped) rows, \(survey.columns.count.grouped) columns")
    lines.add("    separator: \(survey.header.separator.modelWord)")
    lines.add("    encoding: \((dialect.encoding ?? .utf8).rawValue)")
    if let comment = dialect.comment { lines.add("    comment: \(comment.modelWord)") }
    lines.add(
      "    header: \(dialect.header ?? true)",
      comment: dialect.header == false
        ? "the first line looks like an example, so that the columns are x1, x2, ..." : "")
    addMissingValues(&lines)
    if marks.decimal != .point { lines.add("    decimal: \(marks.decimal.rawValue.modelWord)") }
    if let mark = marks.thousands { lines.add("    thousands: \(mark.rawValue.modelWord)") }
    addTarget(&lines)
    addGaps(&lines)
    lines.add("    standardize: true", comment: "inputs of mean 0 and deviation 1")
    lines.add("    batch_size: \(network.batchSize)")
    let kept = columns.filter(\.isIdentity).map(\.name.modelWord)
    if !kept.isEmpty {
      lines.add("    keep: [\(kept.joined(separator: ", "))]", comment: "predictions repeat it")
    }
    addInputs(&lines)
    lines.add("  test: {batch_size: 100}")
  }

  private func addMissingValues(_ lines: inout ProposalLines) {
    let types = inputTypes
    let words = survey.columns.flatMap { column -> [String] in
      let isTarget = target.names.contains(column.name) && target.task == .values
      let isInput = types[column.name].map { $0 != "category" } ?? false
      guard isTarget || isInput else { return [] }
      return Array(column.missingWords.keys)
    }
    let unusual = Set(words).subtracting(TableDialect.usualMissingTexts)
    guard !unusual.isEmpty else { return }
    let all = TableDialect.usualMissingTexts + unusual.sorted()
    lines.add("    missing_values: [\(all.map(\.modelWord).joined(separator: ", "))]")
  }

  /// The type of each input column.
  private var inputTypes: [String: String] {
    var types: [String: String] = [:]
    for column in columns {
      if case .input(let fields, _) = column.use { types[column.name] = fields[0].value }
    }
    return types
  }

  private func addTarget(_ lines: inout ProposalLines) {
    let words = target.names.map(\.modelWord)
    let list = words.count == 1 ? words[0] : "[\(words.joined(separator: ", "))]"
    switch target.task {
    case .classes:
      lines.add("    target: \(list)", comment: ColumnRules.counts(target.classes, "classes"))
      lines.add("    task: classification")
    case .values:
      let ranges = target.ranges.map { "\($0.least.commentText) to \($0.greatest.commentText)" }
      lines.add("    target: \(list)", comment: ranges.joined(separator: ", "))
      lines.add("    task: regression")
      lines.add(
        "    standardize_target: true",
        comment: "metrics and predictions keep the unit of the target")
    case .labels:
      lines.add("    target: \(list)", comment: "labels that do not exclude each other")
      lines.add("    task: multi_label")
    }
  }

  private func addGaps(_ lines: inout ProposalLines) {
    guard target.gapCount > 0 else { return }
    lines.add(
      "    missing_target: row",
      comment: "leaves out \(target.gapCount.grouped) rows without a target")
  }

  private func addInputs(_ lines: inout ProposalLines) {
    lines.add("    inputs:")
    for column in columns {
      if let item = column.item { lines.add("      - \(item)", comment: column.comment) }
    }
    let left = columns.filter { $0.item == nil }
    guard !left.isEmpty else { return }
    lines.add("      # Left out:")
    for column in left {
      guard case .leftOut(let reason) = column.use else { continue }
      lines.addComment("\(column.name.commentWord): \(reason)", indent: "      ")
    }
  }

  // MARK: Network and solver

  private func addNetwork(_ lines: inout ProposalLines) {
    let network = network
    lines.addComment(
      "\(network.hiddenLayers) hidden layer\(network.hiddenLayers == 1 ? "" : "s") of "
        + "\(network.hiddenWidth), by the number of rows and inputs.")
    lines.add("network:")
    for layer in 1...network.hiddenLayers {
      lines.add(
        "  - {name: ip\(layer), type: Linear, num_output: \(network.hiddenWidth), "
          + "weight_filler: msra}")
      lines.add("  - {name: relu\(layer), type: ReLU}")
    }
    lines.add("  - {name: scores, type: Linear, num_output: \(target.outputCount)}")
    switch target.task {
    case .classes:
      lines.add("  - {name: loss, type: SoftmaxWithLoss}")
      lines.add("  - {name: accuracy, type: Accuracy, phase: test}")
      if target.isUnbalanced {
        lines.add(
          "  - {name: f1, type: F1Score, phase: test}",
          comment: "the classes differ in size, which the accuracy hides")
      }
    case .values:
      lines.add("  - {name: loss, type: EuclideanLoss}")
      lines.add("  - {name: r2, type: R2, phase: test}")
    case .labels:
      lines.add("  - {name: loss, type: SigmoidCrossEntropyLoss}")
      lines.add("  - {name: accuracy, type: Accuracy, multi_label: true, phase: test}")
      lines.add("  - {name: f1, type: F1Score, multi_label: true, phase: test}")
    }
  }

  private func addSolver(_ lines: inout ProposalLines) {
    lines.add("solver:")
    lines.add("  type: AdamW")
    lines.add("  base_lr: 0.003")
    lines.add("  lr_policy: cosine", comment: "falls to 0 at the end")
    lines.add("  weight_decay: 0.01")
    lines.add("  max_epochs: \(network.epochs)")
    lines.add("  test_interval: 1 epoch")
  }
}

extension TableSeparator {
  /// The separator in a model file.
  fileprivate var modelWord: String { self == .tab ? "tab" : "\"\(rawValue)\"" }
}
