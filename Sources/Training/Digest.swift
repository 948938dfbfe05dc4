package import DataFiles
package import DataSources
internal import Fields
package import Files
package import ModelFiles
internal import Tensors
internal import YAML

/// The ``CRC32`` of content that is too large to store.
package struct Digest {
  private var sum = CRC32()

  /// The checksum as text: `crc32:0f1e2d3c`.
  package var text: String { sum.text }

  mutating func add(_ text: String) { sum.add(Array(text.utf8)[...]) }
  mutating func add(_ values: [Float]) { sum.add(values) }
}

extension Digest {
  package init(of text: String) { add(text) }

  /// Makes the digest of the names, shapes and bits of trained parameters and statistics.
  package init(of weights: [SafetensorsWriter.Tensor]) {
    for tensor in weights {
      add("\(tensor.name) \(tensor.shape.description)\n")
      for range in tensor.pieces { sum.add(tensor.bytes(range)[...]) }
    }
  }

  /// Makes the digest of the examples that a model is trained and tested with, before the transforms
  /// that run when a batch is loaded. An image file has a checksum.
  ///
  /// - Throws: a failure when a file of an example cannot be read.
  package init(of parts: [Dataset]) throws(DataFailure) {
    for part in parts {
      add("\(part.count) \(part.tensors[0].top.shape.description)\n")
      for tensor in part.tensors + (part.weights.map { [$0.tensor] } ?? []) {
        if case .onDemand(let examples) = tensor.storage {
          // The digest is that of examples in memory. Whether they fit there depends on the machine.
          if examples.reader.hasOneShape {
            try part.forEachStart(of: tensor.name) { sum.add($0) }
            continue
          }
          let cursor = examples.reader.makeCursor()
          for example in 0..<examples.count {
            add("\(try cursor.checksum(of: examples[example]))\n")
          }
          continue
        }
        try tensor.storage.forEachPiece { values, _ in
          sum.add(values)
          return true
        }
      }
    }
  }

  /// Makes the digest of all fields of a model file that determine the numbers of a training.
  ///
  /// The digest covers the data without their paths, the network and the solver. It ignores names
  /// of files, saving, display and expectations. It also ignores fields with their default values.
  /// Therefore it stays the same when a later version adds a field.
  package init(of model: ModelFile) {
    var solver = Digest.stated(
      model.solver.solver.encodedEntry, type(of: model.solver.solver).fieldDescriptions)
    solver += Digest.stated(model.solver.encodedFields, SolverDeclaration.fieldDescriptions)
    let shown = SolverDeclaration.fieldDescriptions.filter { $0.role == .presentation }.map(\.name)
    solver.removeAll { shown.contains($0.key.scalar?.text ?? "") }
    let network = model.network.map { layer in
      Node(
        .mapping(
          layer.header.encodedFields
            + Digest.stated(layer.layer.encodedEntry, type(of: layer.layer).fieldDescriptions)))
    }
    let parts = [model.data.train] + (model.data.test.map { [$0] } ?? [])
    let division = model.data.train.division.map { [$0.pair] } ?? []
    add(
      Node.mapping(
        [("seed", model.seed.encoded)] + division + [
          ("data", .sequence(parts.map { Node(.mapping(Digest.stated($0))) })),
          ("network", .sequence(network)), ("solver", Node(.mapping(solver))),
        ]
      ).json)
  }

  /// Returns the fields whose values differ from their defaults.
  private static func stated(
    _ pairs: [Node.Pair], _ descriptions: [FieldDescription]
  ) -> [Node.Pair] {
    pairs.filter { pair in
      let description = descriptions.first { $0.name == pair.key.scalar?.text }
      return description?.defaultValue.map { $0.json != pair.value.json } ?? true
    }
  }

  /// Returns a part of the data without the paths of its files.
  private static func stated(_ part: DataDeclaration) -> [Node.Pair] {
    let fields = type(of: part.source).fieldDescriptions
    let paths = fields.filter { $0.role == .path }
    let source = stated(part.source.encodedEntry, fields).filter { pair in
      !paths.contains { $0.name == pair.key.scalar?.text }
    }
    return source + stated(part.encodedFields, DataDeclaration.fieldDescriptions)
  }
}
