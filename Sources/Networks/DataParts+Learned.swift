internal import DataFiles
package import DataSources
internal import Tensors

extension DataParts {
  /// Returns the section with the facts found while reading the examples: columns, shape, classes
  /// and their weights. Paths stay as they are written.
  package func learned(from train: Dataset) -> DataParts {
    var parts = self
    // A source of several targets states the classes of each target itself.
    let classes = train.targets.count == 1 ? train.targets[0].top.classes : self.train.classes
    parts.train = parts.train.learned(from: train, classes)
    parts.test = parts.test?.learned(from: train, classes)
    if let factors = train.weights?.ofClasses, let names = train.targets.first?.classes {
      let weights = ClassWeights.named(zip(names, factors).map { .init($0, $1) })
      parts.train.classWeights = weights
      parts.test?.classWeights = weights
    }
    return parts
  }
}

extension DataDeclaration {
  fileprivate func learned(from dataset: Dataset, _ classes: ClassNames?) -> DataDeclaration {
    var part = self
    part.source = source.learned(from: dataset)
    if dataset.inputs.count == 1, source.hasOneShape {
      part.shape = dataset.inputs[0].top.shape.axes
    }
    part.classes = classes
    return part
  }
}
