internal import DataFiles
internal import DataSources
internal import Expressions
internal import Kernels
internal import ModelFiles
internal import Networks
internal import YAML

/// Warns of classes without an example in the training part.
enum AbsentClasses {
  /// The number of classes that the warning names.
  private static let shown = 5

  /// Returns the warning.
  ///
  /// - Parameter ignored: labels that all layers ignore.
  /// - Returns: nil when every class has an example, or the network reads no classes. Also nil for masks,
  ///   which are decoded when a batch needs them: `dlrun check --data` counts their classes.
  static func warning(
    _ model: PreparedModel, train: Dataset, test: Dataset?, ignored: Set<Int>
  ) -> Warning? {
    let graphs = [model.training, model.testing]
    let read = train.targets.first { tensor in
      tensor.top.hasClasses
        && graphs.contains { graph in
          graph.nodes.contains { $0.bottoms.contains { graph.blobs[$0].name == tensor.name } }
        }
    }
    guard let read, let classes = read.classes else { return nil }
    if read.isOnDemand { return nil }
    let counts = counts(of: read, classes: classes.count)
    let absent = classes.indices.filter { counts[$0] == 0 && !ignored.contains($0) }
    guard !absent.isEmpty else { return nil }
    let names = absent.prefix(shown).map { "'\(classes[$0].quotable)'" }.joined(separator: ", ")
    let tested = test?[read.name].map { test in
      let counts = Self.counts(of: test, classes: classes.count)
      return absent.reduce(0) { $0 + counts[$1] }
    }
    var consequence = "the network cannot learn a class without examples"
    if let tested, tested > 0 {
      consequence += ", and \(tested) test example\(tested == 1 ? " has" : "s have") such a class"
    }
    return Warning(
      .absentClasses,
      "train data: \(absent.count) of \(classes.count) classes "
        + "\(absent.count == 1 ? "has" : "have") no example (\(names)"
        + "\(absent.count > shown ? ", …" : "")): \(consequence); "
        + "try another split, more examples, or fewer classes", at: model.file.data.train.mark)
  }

  /// Returns the number of examples of each class.
  private static func counts(of labels: ExampleTensor, classes: Int) -> [Int] {
    var counts = [Int](repeating: 0, count: classes)
    try? labels.storage.forEachPiece { values, _ in
      for index in values.indices {
        if let label = Int(exactly: values[index]), counts.indices.contains(label) {
          counts[label] += 1
        }
      }
      return true
    }
    return counts
  }
}
