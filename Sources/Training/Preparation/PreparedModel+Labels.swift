package import DataFiles
package import DataSources
package import Files
internal import Kernels
internal import Layers
internal import ModelFiles
internal import Networks
internal import Tensors
internal import YAML

extension PreparedModel {
  /// The labels that some layer ignores, so that the data may contain them.
  package var ignoredLabels: Set<Int> {
    Set(file.network.compactMap { $0.layer.kind.scoring?.classScoring?.ignoredLabel })
  }

  /// Checks that every class has a score, and that every layer ignores labels outside the classes.
  ///
  /// A source may learn its classes only from reading its data, so the model check cannot do this.
  ///
  /// - Throws: ``RunFailure/refused(_:)`` with every layer that does not fit.
  package func checkLabels(of dataset: Dataset, _ phase: DataPhase = .train) throws(RunFailure) {
    var diagnostics = Diagnostics()
    for labels in dataset.targets where labels.top.hasClasses {
      let shape = (dataset.tops.first { $0.name == labels.name } ?? labels.top).shape
      if let expected = signature[labels.name], expected.hasClasses, expected.shape != shape {
        let mark = file.data.mark(ofFirst: ["targets", "labels"], in: phase)
        throw .refused(
          Diagnostics(
            Diagnostic(
              "\(phase.rawValue) data: expected classes of shape \(expected.shape.description) "
                + "for an example, received \(shape.description)", at: mark)))
      }
      try file.data.locating { () throws(DataFailure) in
        try check(labels, dataset.remarks, phase, &diagnostics)
      }
    }
    if diagnostics.hasErrors { throw .refused(diagnostics) }
  }

  /// Whether two layers that read a target ignore different labels.
  private func ignoredLabelsDiffer(of name: String) -> Bool {
    let ignored = [training, testing].flatMap { graph in
      graph.nodes.filter { $0.bottoms.count >= 2 && graph.blobs[$0.bottoms[1]].name == name }
        .compactMap { $0.kind.scoring?.classScoring.map(\.ignoredLabel) }
    }
    return Set(ignored).count > 1
  }

  /// Reports the layers that do not fit the labels of one target.
  private func check(
    _ labels: ExampleTensor, _ remarks: [DataRemark], _ phase: DataPhase,
    _ diagnostics: inout Diagnostics
  ) throws(DataFailure) {
    guard let greatest = try labels.greatestLabel() else { return }
    var checked: Set<String> = []
    // Masks are not decoded here. Their reader refuses a label that no layer ignores.
    let needsAll = !labels.isOnDemand || ignoredLabelsDiffer(of: labels.name)
    let foreign = needsAll ? try labels.labels(beyond: greatest) : []
    // A class with two spellings counts twice.
    let notes = remarks.filter { $0.kind == .similarLabels }.map { remark in
      Diagnostic.Note(remark.message, at: file.data.mark(ofFirst: remark.fields, in: phase))
    }
    for graph in [training, testing] {
      for node in graph.nodes
      where node.bottoms.count >= 2 && graph.blobs[node.bottoms[1]].name == labels.name
        && graph.isTarget(node.bottoms[1]) && checked.insert(node.name).inserted
      {
        guard let scoring = node.kind.scoring?.classScoring else { continue }
        if let label = foreign.first(where: { $0 != scoring.ignoredLabel }) {
          diagnostics.error(
            "\(node.declaration.subject): the data have label \(label), which is not a class: "
              + "expected ignore_label: \(label)", at: node.declaration.node.mark)
        }
        let scores = graph.blobs[node.bottoms[0]].shape
        guard let count = scoring.classCount(scores),
          !scoring.covers(classes: greatest + 1, scores: count)
        else { continue }
        let name = labels.classes.map { " ('\($0[greatest].quotable)')" } ?? ""
        diagnostics.error(
          "\(node.declaration.subject): \(count) scores (classes 0 to \(count - 1)), "
            + "but the data have class \(greatest)\(name)", at: node.declaration.node.mark,
          notes: notes)
      }
    }
  }
}

extension ExampleTensor {
  /// Returns the labels that are outside the classes, in ascending order.
  fileprivate func labels(beyond greatest: Int) throws(DataFailure) -> [Int] {
    var found: Set<Int> = []
    try storage.forEachPiece { values, _ in
      for index in values.indices where !(0...Float(greatest)).contains(values[index]) {
        if let label = Int(exactly: values[index]) { found.insert(label) }
      }
      return true
    }
    return found.sorted()
  }

  /// The greatest class number, even if this part has no example of it.
  fileprivate func greatestLabel() throws(DataFailure) -> Int? {
    if let classes { return classes.count - 1 }
    var greatest: Int?
    try storage.forEachPiece { values, _ in
      for index in values.indices {
        if let label = Int(exactly: values[index]) { greatest = max(greatest ?? label, label) }
      }
      return true
    }
    return greatest
  }
}
