internal import DataFiles
package import DataSources
internal import Tensors

extension DataParts {
  /// Returns the section with the facts found while reading the examples: columns, shape and
  /// classes. Paths stay as they are written.
  package func learned(from train: Dataset) -> DataParts {
    var parts = self
    let classes = train.classes.map(ClassNames.names)
    parts.train = parts.train.learned(from: train, classes)
    parts.test = parts.test?.learned(from: train, classes)
    return parts
  }
}

extension DataDeclaration {
  fileprivate func learned(from dataset: Dataset, _ classes: ClassNames?) -> DataDeclaration {
    var part = self
    part.source = source.learned(from: dataset)
    part.shape = dataset.inputShape.axes
    part.classes = classes
    return part
  }
}
