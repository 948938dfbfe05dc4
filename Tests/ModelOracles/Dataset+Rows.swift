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
    let tops = ModelOracles.signature(inputs: [width], outputs: outputs.map { [$0] }).tops
    return Dataset(
      count: inputs.count,
      [
        ExampleTensor(tops[0], .floats(try storage(inputs))),
        ExampleTensor(tops[1], .floats(try storage(targets))),
      ])
  }

  private static func storage(_ rows: [[Float]]) throws -> FloatStorage {
    let values = rows.flatMap { $0 }
    let storage = try #require(FloatStorage(count: values.count))
    for (index, value) in values.enumerated() { storage[index] = value }
    return storage
  }
}
