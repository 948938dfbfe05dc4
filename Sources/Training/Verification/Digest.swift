internal import DataSources
internal import Models
internal import Solvers
internal import Tensors
internal import YAML

/// What is left of content that is too long to keep: its ``CRC32``.
struct Digest {
  private var sum = CRC32()

  /// `crc32:0f1e2d3c`
  var text: String { sum.text }

  mutating func add(_ text: String) { sum.add(Array(text.utf8)[...]) }
  mutating func add(_ values: [Float]) { sum.add(values) }
}

extension Digest {
  init(of text: String) { add(text) }

  /// Names, shapes and bits of trained parameters and statistics.
  init(of weights: [SafetensorsWriter.Tensor]) {
    for tensor in weights {
      add("\(tensor.name) \(tensor.shape.description)\n")
      for range in tensor.pieces { sum.add(tensor.bytes(range)[...]) }
    }
  }

  /// The examples that a model is trained and tested with, as it sees them.
  init(of parts: [Dataset]) {
    for part in parts {
      add("\(part.count) \(part.inputShape.description)\n")
      sum.add(part.inputs)
      sum.add(part.targets)
    }
  }

  /// What decides the numbers of a training, of all that a model file says: data but for paths, network and solver.
  ///
  /// Names of files, what is saved and displayed, and what is expected may change. Fields that have their defaults are
  /// left out, so that an entry which gets a further field in a later version is the same as before.
  init(of model: ModelFile) {
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
    let splitSeed = model.data.splitSeed
    let split =
      model.data.hasFraction && splitSeed != DataParts.standardSplitSeed
      ? [("split_seed", splitSeed.encoded)] : []
    add(
      Node.mapping(
        [("seed", model.seed.encoded)] + split + [
          ("data", .sequence(parts.map { Node(.mapping(Digest.stated($0))) })),
          ("network", .sequence(network)), ("solver", Node(.mapping(solver))),
        ]
      ).json)
  }

  /// The fields with another value than their default.
  private static func stated(
    _ pairs: [Node.Pair], _ descriptions: [FieldDescription]
  ) -> [Node.Pair] {
    pairs.filter { pair in
      let description = descriptions.first { $0.name == pair.key.scalar?.text }
      return description?.defaultValue.map { $0.json != pair.value.json } ?? true
    }
  }

  /// A part of the data, without the paths of its files.
  private static func stated(_ part: DataDeclaration) -> [Node.Pair] {
    let fields = type(of: part.source).fieldDescriptions
    let paths = fields.filter { $0.role == .path }
    let source = stated(part.source.encodedEntry, fields).filter { pair in
      !paths.contains { $0.name == pair.key.scalar?.text }
    }
    return source + stated(part.encodedFields, DataDeclaration.fieldDescriptions)
  }
}
