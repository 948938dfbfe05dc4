internal import DataFiles
internal import Fields
internal import Tensors
internal import YAML

/// A source that generates its examples and needs no file.
protocol Generator: DataSource {
  var exampleCount: Int { get }
  var classCount: Int { get }

  /// Returns the tensors of an example: inputs of one shape, and one target with classes.
  ///
  /// - Throws: a failure when `context` states another number of classes.
  func tops(_ context: DataContext) throws(DataFailure) -> [DataTop]
}

extension Generator {
  package var files: [String] { [] }

  package func signature(_ context: DataContext) throws(DataFailure) -> DataSignature {
    DataSignature(try tops(context), exampleCount: exampleCount)
  }

  /// Returns the names of the classes: those that `context` states, whose number must agree, or
  /// else the `standard` names.
  func names(_ context: DataContext, standard: [String]) throws(DataFailure) -> [String] {
    guard let classes = context.classes(of: DataTop.label) else { return standard }
    if let mistake = mistake(classes) {
      throw .field(
        "classes", message: "\(context.phase.rawValue) data: \(mistake)", of: context.phase)
    }
    return classes.names
  }

  private func mistake(_ classes: ClassNames) -> String? {
    classes.count == classCount
      ? nil : "classes: expected \(classCount) classes, received \(classes.summary)"
  }

  /// Reports declarations of the part that contradict the generator, before it generates an
  /// example.
  package func check(
    _ declaration: DataDeclaration, at node: Node, _ diagnostics: inout Diagnostics
  ) {
    checkGenerated(declaration, at: node, &diagnostics)
  }

  func checkGenerated(
    _ declaration: DataDeclaration, at node: Node, _ diagnostics: inout Diagnostics
  ) {
    let context = DataContext(directory: "", seed: 0, phase: .train)
    guard let tops = try? tops(context) else { return }
    let (inputs, targets) = (tops.filter { !$0.isTarget }, tops.filter(\.isTarget))
    let shape = tops[0].shape
    let mistakes = [
      ("classes", declaration.classes.flatMap(mistake)),
      ("shape", declaration.shapeMistake(for: shape)),
      (
        "mean",
        declaration.shape == nil ? InputScaling.mistake(mean: declaration.mean, for: shape) : nil
      ),
      ("rows", declaration.split.mistake(in: exampleCount)),
      (
        "source",
        Dataset.sizeMistake(
          count: exampleCount, inputs: inputs.count * shape.count, targets: targets[0].width)
      ),
    ]
    for case (let key, let message?) in mistakes {
      diagnostics.error(message, at: (node[key] ?? node).mark)
    }
  }
}
