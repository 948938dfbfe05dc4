package import DataSources
internal import Tensors

extension DataParts {
  /// The section with what reading the examples made known: shape and classes, and paths that hold from any folder.
  package func learned(from train: Dataset) -> DataParts {
    var parts = self
    parts.train.shape = train.inputShape.axes
    parts.train.classes = train.classes.map(ClassNames.names)
    parts.test?.shape = train.inputShape.axes
    parts.test?.classes = parts.train.classes
    return parts
  }
}
