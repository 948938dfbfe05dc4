import DataFiles
import DataSources
import Foundation
import Oracles
import Tensors
import Testing
import YAML

/// Arrays that are larger than their share of the memory.
@Suite struct OnDemandTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(
      idx([6, 2, 3], (0..<36).map { UInt8($0 * 7 % 251) }), to: "images")
    try folder.write(idx([6], [0, 1, 0, 1, 1, 0]), to: "labels")
    let floats = (0..<24).flatMap { bytes((Float($0) / 4 - 2).bitPattern) }
    try folder.write(npy("<f4", "(6, 4)", floats), to: "floats.npy")
    let words = (0..<24).flatMap { bytes(UInt16($0 * 2001)) }
    try folder.write(npy("<u2", "(6, 2, 2)", words), to: "words.npy")
    try folder.write(npy("|u1", "(6,)", [0, 1, 0, 1, 1, 0]), to: "labels.npy")
  }

  /// Returns both parts, with all examples in memory at the end.
  private func parts(_ train: String, memory: String) throws -> (train: Dataset, test: Dataset) {
    var diagnostics = Diagnostics()
    let text =
      "{memory: \(memory), split: {fraction: 0.5}, train: {\(train), batch_size: 2}, test: {}}"
    let parts = try #require(
      DataParts.decode(try node(text), &diagnostics), "\(diagnostics.rendered)")
    let loaded = try loadParts(
      train: parts.train, test: parts.test, directory: folder.path, seed: 1)
    #expect(loaded.train.isInMemory == (memory == "1 GiB"))
    let test = try #require(loaded.test)
    return (
      try loaded.train.decoded(0..<3, isTraining: true),
      try test.decoded(0..<3, isTraining: false)
    )
  }

  @Test(arguments: [
    "source: idx, images: images, labels: labels",
    "source: idx, images: images, labels: labels, mean: 3, scale: 0.5",
    "source: idx, images: images, labels: labels, transforms: [{type: crop, size: 2}, mirror]",
    "source: npy, inputs: floats.npy, targets: labels.npy, task: classification",
    "source: npy, inputs: floats.npy, targets: labels.npy, task: classification, shape: [1, 2, 2], "
      + "transforms: [{type: mirror, probability: 1}]",
    "source: npy, inputs: words.npy, targets: labels.npy, task: classification",
  ])
  func examplesAreThoseInMemory(_ train: String) throws {
    let memory = try parts(train, memory: "1 GiB")
    let demand = try parts(train, memory: "1")
    #expect(demand.train.signature == memory.train.signature)
    #expect(demand.train.inputValues == memory.train.inputValues)
    #expect(demand.test.inputValues == memory.test.inputValues)
    #expect(demand.train.targetValues == memory.train.targetValues)
  }

  /// The statistics come from float32 numbers, which differ from exact ones by their rounding.
  @Test func standardizationReadsTheTrainingPart() throws {
    let train =
      "source: npy, inputs: floats.npy, targets: labels.npy, task: classification, "
      + "standardize: true"
    let memory = try parts(train, memory: "1 GiB").test.inputValues
    let demand = try parts(train, memory: "1").test.inputValues
    for (value, expected) in zip(demand, memory) { #expect(abs(value - expected) < 1e-6) }
    #expect(memory.count == demand.count)
  }

  @Test func whatCannotBeReadOnDemandIsRefused() throws {
    try folder.write(gzip(idx([2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8])), to: "small.gz")
    try folder.write(
      npy("<f4", "(2, 2)", [UInt8](repeating: 0, count: 16), fortran: true), to: "f.npy")
    for source in ["source: idx, images: small.gz", "source: npy, inputs: f.npy"] {
      let part = try declaration("{\(source)}")
      let context = DataContext(directory: folder.path, seed: 1, phase: .train, memory: 1)
      let failure = failure { () throws(DataFailure) in try part.source.load(context) }
      #expect(
        failure?.message.hasSuffix(
          "bytes, more than the 1 that 'memory' of the data allows: expected an array file that is "
            + "not compressed, not in an archive and in C order, so that examples can be read on "
            + "demand") == true)
    }
  }

  @Test func wrongElementsAndShorterFilesAreFound() throws {
    var content = npy("<f4", "(2, 2)", (0..<4).flatMap { bytes(Float($0).bitPattern) })
    content.replaceSubrange(content.count - 4..<content.count, with: bytes(Float.nan.bitPattern))
    try folder.write(content, to: "nan.npy")
    let part = try declaration("{source: npy, inputs: nan.npy}")
    let context = DataContext(directory: folder.path, seed: 1, phase: .train, memory: 1)
    let data = try part.source.load(context)
    #expect(try data.decoded(first: 1).inputValues == [0, 1])
    let refused = failure { () throws(DataFailure) in try data.decoded(first: 2) }
    #expect(
      refused?.message.hasSuffix(
        "nan.npy: element [1, 1]: expected a number of at most 3.4028235e+38 in size, received nan")
        == true, "\(refused?.message ?? "")")
    try folder.write(Array(content.dropLast(8)), to: "nan.npy")
    let changed = failure { () throws(DataFailure) in try data.decoded(first: 2) }
    #expect(changed?.message.hasSuffix("nan.npy: changed while it was read") == true)
  }

  @Test(arguments: ["0", "half", "[1]", "~"]) func memoryIsASize(_ text: String) throws {
    var diagnostics = Diagnostics()
    let parts = DataParts.decode(
      try node("{memory: \(text), train: {source: xor}}"), &diagnostics)
    #expect((parts == nil) == (text != "~"))
    guard text != "~" else { return }
    #expect(
      diagnostics.rendered.contains("memory: expected a size such as 500MB or 4 GiB, received"))
  }
}
