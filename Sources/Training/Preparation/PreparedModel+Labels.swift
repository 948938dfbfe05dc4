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
    guard dataset.labelShape == signature.labelShape else {
      let mark = file.data.mark(ofFirst: ["targets", "labels"], in: phase)
      throw .refused(
        Diagnostics(
          Diagnostic(
            "\(phase.rawValue) data: expected classes of shape \(signature.labelShape.description) "
              + "for an example, received \(dataset.labelShape.description)", at: mark)))
    }
    guard dataset.targetShape == nil, let greatest = dataset.greatestLabel else { return }
    var diagnostics = Diagnostics()
    var checked: Set<String> = []
    let foreign = dataset.labels(beyond: greatest)
    // A class with two spellings counts twice.
    let notes = dataset.remarks.filter { $0.kind == .similarLabels }.map { remark in
      Diagnostic.Note(remark.message, at: file.data.mark(ofFirst: remark.fields, in: phase))
    }
    for graph in [training, testing] {
      for node in graph.nodes
      where node.bottoms.count >= 2 && node.bottoms[1] == Graph.labelBlob
        && checked.insert(node.name).inserted
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
        let name = dataset.classes.map { " ('\($0[greatest].quotable)')" } ?? ""
        diagnostics.error(
          "\(node.declaration.subject): \(count) scores (classes 0 to \(count - 1)), "
            + "but the data have class \(greatest)\(name)", at: node.declaration.node.mark,
          notes: notes)
      }
    }
    if diagnostics.hasErrors { throw .refused(diagnostics) }
  }
}

extension Dataset {
  /// Returns the labels that are outside the classes, in ascending order.
  fileprivate func labels(beyond greatest: Int) -> [Int] {
    let labels = FloatView(targets)
    var found: Set<Int> = []
    for index in 0..<labels.count where !(0...Float(greatest)).contains(labels[index]) {
      if let label = Int(exactly: labels[index]) { found.insert(label) }
    }
    return found.sorted()
  }

  /// The greatest class number, even if this part has no example of it.
  fileprivate var greatestLabel: Int? {
    if let classes { return classes.count - 1 }
    let labels = FloatView(targets)
    return (0..<labels.count).lazy.compactMap { Int(exactly: labels[$0]) }.max()
  }
}
