internal import DataFiles
package import DataSources
internal import Tensors

extension DataParts {
  /// Returns the section with the facts found while reading the examples: columns, shape and
  /// classes. Paths stay as they are written.
  package func learned(from train: Dataset) -> DataParts {
    var parts = self
    let labels = train.targets.filter(\.top.hasClasses)
    // Sources of several targets keep the classes of each themselves.
    let classes = labels.count == 1 ? labels[0].top.classes : self.train.classes
    parts.train = parts.train.learned(from: train, classes)
    parts.test = parts.test?.learned(from: train, classes)
    return parts
  }
}

extension DataDeclaration {
  fileprivate func learned(from dataset: Dataset, _ classes: ClassNames?) -> DataDeclaration {
    var part = self
    part.source = source.learned(from: dataset)
    if dataset.inputs.count == 1 { part.shape = dataset.inputs[0].top.shape.axes }
    part.classes = classes
    return part
  }
}
