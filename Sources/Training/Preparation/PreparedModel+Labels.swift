package import DataSources
package import Files
internal import Kernels
internal import Layers
internal import ModelFiles
internal import Networks
internal import Tensors
internal import YAML

extension PreparedModel {
  /// Labels that some layer passes over, so that data may have them.
  package var ignoredLabels: Set<Int> {
    Set(file.network.compactMap { $0.layer.kind.scoring?.classScoring?.ignoredLabel })
  }

  /// Checks that every class has a score, and that a label of no class is passed over by every
  /// layer that reads it: what a source knows of its classes may come only from reading it.
  ///
  /// - Throws: ``RunFailure/refused(_:)`` naming every layer that does not fit.
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
    // One class that is spelt in two ways counts twice.
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
            "\(node.declaration.subject): the data have label \(label), which is no class: "
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
  /// The labels that are of no class, in order.
  fileprivate func labels(beyond greatest: Int) -> [Int] {
    let labels = FloatView(targets)
    var found: Set<Int> = []
    for index in 0..<labels.count where !(0...Float(greatest)).contains(labels[index]) {
      if let label = Int(exactly: labels[index]) { found.insert(label) }
    }
    return found.sorted()
  }

  /// The greatest number of a class, whether or not an example of it is in this part.
  fileprivate var greatestLabel: Int? {
    if let classes { return classes.count - 1 }
    let labels = FloatView(targets)
    return (0..<labels.count).lazy.compactMap { Int(exactly: labels[$0]) }.max()
  }
}
