package import DataSources
internal import Tensors

extension DataParts {
  /// The section with what reading the examples made known: columns, shape and classes, and paths
  /// that hold from any folder.
  ///
  /// - Parameter directory: where relative paths begin now, as an absolute path.
  package func learned(from train: Dataset, directory: String) -> DataParts {
    var parts = self
    let classes = train.classes.map(ClassNames.names)
    parts.train = parts.train.learned(from: train, classes, directory)
    parts.test = parts.test?.learned(from: train, classes, directory)
    return parts
  }
}

extension DataDeclaration {
  fileprivate func learned(
    from dataset: Dataset, _ classes: ClassNames?, _ directory: String
  ) -> DataDeclaration {
    var part = self
    part.source = source.learned(from: dataset, directory: directory)
    part.shape = dataset.inputShape.axes
    part.classes = classes
    return part
  }
}
