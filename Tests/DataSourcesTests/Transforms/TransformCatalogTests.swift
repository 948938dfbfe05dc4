import DataFiles
import DataSources
import Fields
import Tensors
import Testing
import YAML

/// The contract of every transform.
@Suite struct TransformCatalogTests {
  static let names = TransformCatalog.all.names

  /// Returns the transforms of a list.
  static func transforms(_ text: String) throws -> [TransformDeclaration] {
    try #require(try declaration("{source: xor, transforms: \(text)}").transforms)
  }

  /// Images of three channels and 300 x 300 pixels, with classes.
  private static func images(count: Int = 2) throws -> Dataset {
    let top = DataTop(DataTop.data, shape: Shape([3, 300, 300]))
    let values = try #require(FloatStorage(count: count * top.width))
    for index in 0..<values.count { values[index] = Float(index * 37 % 256) }
    let labels = try #require(FloatStorage(count: count))
    for index in 0..<count { labels[index] = Float(index % 3) }
    return Dataset(
      count: count,
      [
        ExampleTensor(top, .floats(values)),
        ExampleTensor(DataTop(classes: .count(3)), .floats(labels)),
      ])
  }

  /// Returns the values of an example after a transform.
  private func values(
    _ chain: TransformChain, _ data: Dataset, _ name: String, example: Int, epoch: Int,
    isTraining: Bool = true
  ) throws -> [Float] {
    let transformed = data.transformed(by: chain)
    var loader = ExampleLoader(transformed, isTraining: isTraining)
    try loader.load(example, epoch: epoch)
    let top = try #require(chain.tops.first { $0.name == name })
    var values = [Float](repeating: .nan, count: top.width)
    var span = values.mutableSpan
    loader.copy(name, to: &span)
    return values
  }

  @Test(arguments: names) func exampleGivesItsShape(name: String) throws {
    let entry = try #require(TransformCatalog.all.entry(named: name))
    let before = name == "mixup" ? "one_hot, " : ""
    let declared = try Self.transforms("[\(before)\(entry.reference.example)]")
    let data = try Self.images()
    let chain = try TransformChain(
      declared, of: data.tops, seed: 1, statistics: nil, phase: .train)
    for isTraining in [true, false] {
      for top in chain.tops {
        let result = try values(
          chain, data, top.name, example: 1, epoch: 2, isTraining: isTraining)
        #expect(result.allSatisfy { $0.isFinite })
      }
    }
  }

  /// Random transforms depend on the example and the epoch alone, and tests skip them.
  @Test(arguments: names.filter { $0 != "mixup" && $0 != "one_hot" })
  func drawsBelongToExampleAndEpoch(name: String) throws {
    let entry = try #require(TransformCatalog.all.entry(named: name))
    let declared = try Self.transforms("[\(entry.reference.example)]")
    let data = try Self.images()
    let chain = try TransformChain(declared, of: data.tops, seed: 1, phase: .train)
    let first = try values(chain, data, "data", example: 0, epoch: 0)
    let again = try values(chain, data, "data", example: 0, epoch: 0)
    #expect(again == first)
    let isRandom = declared[0].transform.isForTraining || name == "crop"
    let others = try (1...12).map { try values(chain, data, "data", example: 0, epoch: $0) }
    let differs = others.contains { $0 != first }
    #expect(differs == isRandom)
    if declared[0].transform.isForTraining {
      let stored = try data.tensors[0].values(ofExample: 0)
      let test = try values(chain, data, "data", example: 0, epoch: 0, isTraining: false)
      #expect(test == stored)
    }
  }

  @Test(arguments: names) func unknownFieldIsRefusedAtItsPlace(name: String) throws {
    let line = try firstLine("{source: xor, transforms: [{type: \(name), colour: 1}]}")
    #expect(
      line.contains("transform \(name): unknown field 'colour'") || line.contains("is missing"))
  }

  @Test(arguments: names) func encodedTransformIsReadAsTheSame(name: String) throws {
    let entry = try #require(TransformCatalog.all.entry(named: name))
    let declared = try Self.transforms("[\(entry.reference.example)]")
    var diagnostics = Diagnostics()
    guard case .value(let again) = TransformDeclaration.decode(declared[0].encoded, &diagnostics)
    else {
      Issue.record("the encoded transform is refused")
      return
    }
    #expect(again == declared[0])
  }

  /// Every transform is a file and has a reference.
  @Test func namesAreDifferent() { #expect(Set(Self.names).count == Self.names.count) }
}
