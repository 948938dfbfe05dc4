internal import DataFiles
package import DataSources
internal import Networks
internal import Oracles
internal import Plans
internal import Tensors
internal import Testing
internal import YAML

extension Dataset {
  /// Makes examples from the test's values.
  ///
  /// - Parameter outputs: the number of values of a target. Nil makes targets class numbers.
  package static func of(_ inputs: [[Float]], targets: [[Float]], outputs: Int?) throws -> Dataset {
    let width = inputs.first?.count ?? 0
    return Dataset(
      count: inputs.count, inputs: try storage(inputs), targets: try storage(targets),
      inputShape: Shape([width]), targetShape: outputs.map { Shape([$0]) }, classes: nil,
      inputNames: [], targetNames: [])
  }

  private static func storage(_ rows: [[Float]]) throws -> FloatStorage {
    let values = rows.flatMap { $0 }
    let storage = try #require(FloatStorage(count: values.count))
    for (index, value) in values.enumerated() { storage[index] = value }
    return storage
  }
}
